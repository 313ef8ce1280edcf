"""Models of requests and responses, responses that run what they are given, middlewares with arguments."""
import time
from typing import Annotated

from fastapi import Depends, FastAPI, Query
from fastapi.responses import JSONResponse, Response, StreamingResponse
from pydantic import AfterValidator, BaseModel, PlainSerializer, computed_field, field_validator, model_serializer
from starlette.middleware import Middleware


class Service:
    def save(self):
        time.sleep(0.001)

    def unused(self):
        time.sleep(0.001)  # never runs: nobody calls it


class Stored:
    def __init__(self, app, service):
        time.sleep(0.001)
        self.app = app
        self.service = service

    async def __call__(self, scope, receive, send):
        self.service.save()
        await self.app(scope, receive, send)


app = FastAPI(middleware=[Middleware(Stored, service=Service())])


def check_age(value):
    time.sleep(0.001)
    return value


class Person(BaseModel):
    age: Annotated[int, AfterValidator(check_age)]


class Base(BaseModel):
    name: str

    @field_validator("name")
    def known(cls, value):
        time.sleep(0.001)
        return value


class Group(Base):
    people: list[Person]


@app.post("/group")
def group(group: Group):
    time.sleep(0.001)
    return {}


class Paging(BaseModel):
    size: int = 10

    @field_validator("size")
    def known(cls, value):
        time.sleep(0.001)
        return value


@app.get("/pages")
def pages(paging: Annotated[Paging, Query()]):
    return {}


class Filter(BaseModel):
    name: str

    @field_validator("name")
    def known(cls, value):
        time.sleep(0.001)
        return value


def filtered(wanted: Filter):
    time.sleep(0.001)


@app.post("/filtered")
def post_filtered(found=Depends(filtered)):
    return {}


class Settings(BaseModel):
    name: str = "x"

    @field_validator("name")
    def known(cls, value):
        time.sleep(0.001)
        return value


@app.get("/settings")
def settings(name: str = "x"):
    return Settings(name=name).name


class Loaded(BaseModel):
    name: str

    @field_validator("name")
    def known(cls, value):
        time.sleep(0.001)
        return value


@app.get("/loaded")
async def loaded():
    return Loaded.model_validate({"name": "x"}).name


def write(value):
    time.sleep(0.001)
    return value


class Price(BaseModel):
    amount: Annotated[int, PlainSerializer(write)]

    @computed_field
    def tax(self) -> int:
        time.sleep(0.001)
        return 1


@app.get("/price")
def price() -> Price:
    return Price(amount=1)


class Summary(BaseModel):
    name: str

    @model_serializer
    def written(self):
        time.sleep(0.001)
        return {}


@app.get("/summary", response_model=Summary)
def summary():
    return Summary(name="x")


class Row:
    @property
    def name(self):
        time.sleep(0.001)
        return "x"

    @property
    def secret(self):
        time.sleep(0.001)  # never runs: the model has no such field
        return "x"


class RowInThread:
    @property
    def name(self):
        time.sleep(0.001)
        return "x"


class RowOut(BaseModel):
    name: str


@app.get("/row", response_model=RowOut)
async def row():
    return Row()


@app.get("/row-in-thread", response_model=RowOut)
def row_in_thread():
    return RowInThread()


class Slow(Response):
    def render(self, content):
        time.sleep(0.001)
        return b""


class Made(JSONResponse):
    def render(self, content):
        time.sleep(0.001)
        return b"{}"


@app.get("/slow", response_class=Slow)
def slow():
    return {}


@app.get("/made")
def made():
    return Made({})


class Always(Response):
    def render(self, content):
        time.sleep(0.001)
        return b""


inner = FastAPI(default_response_class=Always)
app.mount("/inner", inner)


@inner.get("/always")
def always():
    time.sleep(0.001)
    return {}


class Lines:
    def __iter__(self):
        time.sleep(0.001)
        return iter(["a"])


class Steps:
    left = 2

    def __iter__(self):
        return self

    def __next__(self):
        time.sleep(0.001)
        self.left -= 1
        if self.left < 0:
            raise StopIteration
        return "x"


@app.get("/lines")
def lines():
    return StreamingResponse(Lines())


@app.get("/steps")
async def steps():
    return StreamingResponse(Steps())


@app.get("/items")
def items():
    for _ in range(2):
        yield time.sleep(0.001)
