"""Litestar: a `def` handler runs on the loop unless it says `sync_to_thread`; hooks run in threads."""
import time

from litestar import Controller, Litestar, Response, get
from litestar.background_tasks import BackgroundTask
from litestar.di import Provide
from litestar.response import Stream


@get("/async")
async def coroutine() -> str:
    time.sleep(0.001)
    return ""


@get("/def")
def plain() -> str:
    time.sleep(0.001)
    return ""


@get("/thread", sync_to_thread=True)
def in_thread() -> str:
    time.sleep(0.001)
    return ""


@get("/loop", sync_to_thread=False)
def on_loop() -> str:
    time.sleep(0.001)
    return ""


class Pages(Controller):
    path = "/pages"

    @get("/async")
    async def page(self) -> str:
        time.sleep(0.001)
        return ""

    @get("/def", sync_to_thread=False)
    def page_def(self) -> str:
        time.sleep(0.001)
        return ""


def provided() -> str:
    time.sleep(0.001)
    return ""


def provided_in_thread() -> str:
    time.sleep(0.001)
    return ""


async def provided_async() -> str:
    time.sleep(0.001)
    return ""


def provided_by_generator():
    time.sleep(0.001)
    yield ""
    time.sleep(0.001)


@get("/generator", dependencies={"one": Provide(provided_by_generator)})
async def with_generator(one: str) -> str:
    return one


@get(
    "/provided",
    dependencies={
        "one": Provide(provided),
        "two": Provide(provided_async),
        "three": Provide(provided_in_thread, sync_to_thread=True),
    },
)
async def with_dependencies(one: str, two: str, three: str) -> str:
    return one + two + three


def guard(connection, handler) -> None:
    time.sleep(0.001)


async def guard_async(connection, handler) -> None:
    time.sleep(0.001)


@get("/guarded", guards=[guard, guard_async])
async def guarded() -> str:
    return ""


def before(request) -> None:
    time.sleep(0.001)


async def after(response) -> Response:
    time.sleep(0.001)
    return response


@get("/hooked", before_request=before, after_request=after)
async def hooked() -> str:
    return ""


def task() -> None:
    time.sleep(0.001)


async def task_async() -> None:
    time.sleep(0.001)


@get("/background")
async def background() -> Response[str]:
    return Response("", background=BackgroundTask(task))


@get("/background-async")
async def background_async() -> Response[str]:
    return Response("", background=BackgroundTask(task_async))


def rows():
    time.sleep(0.001)
    yield "row"


async def rows_async():
    time.sleep(0.001)
    yield "row"


@get("/stream")
async def stream() -> Stream:
    return Stream(rows())


@get("/stream-async")
async def stream_async() -> Stream:
    return Stream(rows_async())


def on_value_error(request, error) -> Response:
    time.sleep(0.001)
    return Response({}, status_code=400)


@get("/value-error", exception_handlers={ValueError: on_value_error})
async def value_error() -> str:
    raise ValueError


def on_startup() -> None:
    time.sleep(0.001)


async def on_shutdown() -> None:
    time.sleep(0.001)


app = Litestar(
    [
        coroutine, plain, in_thread, on_loop, Pages, with_dependencies, with_generator, guarded, hooked, background,
        background_async, stream, stream_async, value_error,
    ],
    on_startup=[on_startup],
    on_shutdown=[on_shutdown],
)
