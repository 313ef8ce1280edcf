"""Models that requests are made into: dataclasses, generics, wrapped validators, defaults, forms, own types."""
import time
from enum import Enum
from typing import Annotated, Generic, Literal, TypeVar

from fastapi import Body, FastAPI, Header, Query
from pydantic import BaseModel, BeforeValidator, Field, RootModel, TypeAdapter, field_validator, model_validator
from pydantic.dataclasses import dataclass

app = FastAPI()
T = TypeVar("T")


class Names(RootModel[list[str]]):
    @model_validator(mode="after")
    def check(self):
        time.sleep(0.001)
        return self


@app.post("/root")
def root(names: Names):
    return {}


@dataclass
class Point:
    x: int

    @field_validator("x")
    @classmethod
    def check(cls, value):
        time.sleep(0.001)  # miss: dataclasses are not looked at as models
        return value


@app.post("/dataclass")
def with_dataclass(point: Point):
    return {}


class Item(BaseModel):
    name: str

    @field_validator("name", mode="wrap")
    @classmethod
    def check(cls, value, handler):
        time.sleep(0.001)
        return handler(value)

    @model_validator(mode="before")
    @classmethod
    def before(cls, data):
        time.sleep(0.001)
        return data


class Envelope(BaseModel, Generic[T]):
    item: T


@app.post("/generic")
def generic(envelope: Envelope[Item]):
    return {}


def made():
    time.sleep(0.001)
    return "a"


class Defaults(BaseModel):
    name: str = Field(default_factory=made)


@app.post("/defaults")
def defaults(body: Defaults):
    return {}


def trimmed(value):
    time.sleep(0.001)
    return value


Trimmed = Annotated[str, BeforeValidator(trimmed)]


@app.get("/query")
def query(name: Trimmed):
    return {}


def checked(value):
    time.sleep(0.001)
    return value


@app.get("/header")
def header(name: Annotated[str, Header(alias="host"), BeforeValidator(checked)]):
    return {}


class Kind(Enum):
    A = "a"

    @classmethod
    def _missing_(cls, value):
        time.sleep(0.001)  # miss: what an enumeration does for a value that is none of its own
        return cls.A


@app.get("/enum")
def enumeration(kind: Kind):
    return {}


class Cat(BaseModel):
    kind: Literal["cat"]

    @field_validator("kind")
    @classmethod
    def check(cls, value):
        time.sleep(0.001)
        return value


class Dog(BaseModel):
    kind: Literal["dog"]

    @field_validator("kind")
    @classmethod
    def check(cls, value):
        time.sleep(0.001)
        return value


@app.post("/union")
def union(pet: Annotated[Cat | Dog, Body(discriminator="kind")]):
    return {}


class Filters(BaseModel):
    name: str = "a"

    @field_validator("name")
    @classmethod
    def check(cls, value):
        time.sleep(0.001)
        return value


@app.get("/filters")
async def filters(wanted: Annotated[Filters, Query()]):
    return {}


class Adapted(BaseModel):
    name: str

    @field_validator("name")
    @classmethod
    def check(cls, value):
        time.sleep(0.001)  # miss: for what type an adapter is made is not followed
        return value


adapter = TypeAdapter(list[Adapted])


@app.get("/adapter")
async def adapted():
    adapter.validate_python([{"name": "a"}])
    return {}


class InThread(BaseModel):
    name: str

    @field_validator("name")
    @classmethod
    def check(cls, value):
        time.sleep(0.001)
        return value


@app.get("/in-thread")
def in_thread():
    return InThread.model_validate({"name": "a"}).name


class Secret(str):
    @classmethod
    def __get_pydantic_core_schema__(cls, source, handler):
        from pydantic_core import core_schema

        return core_schema.no_info_plain_validator_function(cls.validate)

    @classmethod
    def validate(cls, value):
        time.sleep(0.001)  # miss: what stands in a schema is not followed
        return cls(value)


class WithSecret(BaseModel):
    secret: Secret


@app.post("/secret", response_model=None)
def secret(body: WithSecret):
    return {}
