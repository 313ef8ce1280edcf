"""Class-based views: methods that an instance registers itself, inherited ones, one router for each object."""
import time
from functools import partial, partialmethod

from fastapi import APIRouter, Depends, FastAPI

app = FastAPI()


class View:
    def __init__(self, prefix):
        self.router = APIRouter(prefix=prefix)
        self.router.add_api_route("/read", self.read)
        self.router.add_api_route("/write", self.write, methods=["GET"])
        self.router.get("/hidden")(self._hidden)

    def read(self):
        time.sleep(0.001)
        return self.load()

    async def write(self):
        time.sleep(0.001)
        return self.store()

    async def _hidden(self):
        return self.find()

    def load(self):
        return {}

    def store(self):
        time.sleep(0.001)
        return {}

    def find(self):
        raise NotImplementedError


class Users(View):
    def find(self):
        time.sleep(0.001)
        return {}

    def load(self):
        time.sleep(0.001)
        return {}


app.include_router(Users("/users").router)


class Crud:
    name = "crud"

    def get(self):
        time.sleep(0.001)
        return {}

    async def post(self):
        time.sleep(0.001)
        return {}

    @classmethod
    def register(cls, application):
        view = cls()
        for method in ("get", "post"):
            if hasattr(view, method):
                application.add_api_route(f"/{cls.name}", getattr(view, method), methods=[method.upper()])


class Orders(Crud):
    name = "orders"

    async def post(self):
        time.sleep(0.001)
        return await super().post()


Orders.register(app)


class Service:
    def __init__(self, word="word"):
        self.word = word

    def slow(self):
        time.sleep(0.001)


def make_service():
    return Service()


class Pages:
    service: Service = Depends(make_service)

    def __init__(self, given: Service = Depends(make_service)):
        self.given = given

    def page(self):
        self.given.slow()
        return {}


@app.get("/page")
async def page(pages: Pages = Depends()):
    return pages.page()


@app.get("/page-def")
def page_def(pages: Pages = Depends()):
    return Other(pages).page()


class Other:
    def __init__(self, pages):
        self.pages = pages

    def page(self):
        time.sleep(0.001)
        return {}


class Partial:
    def answer(self, word):
        time.sleep(0.001)
        return {"word": word}

    async def answer_async(self, word):
        time.sleep(0.001)
        return {"word": word}

    first = partialmethod(answer, "first")


one = Partial()
app.add_api_route("/bound", partial(one.answer, "word"))
app.add_api_route("/bound-async", partial(one.answer_async, "word"))
app.add_api_route("/twice", partial(partial(one.answer_async), word="word"))
app.add_api_route("/first", one.first)
