"""aiogram: handlers, filters and middlewares; `def` ones run in threads."""
import time

from aiogram import BaseMiddleware, Dispatcher, F, Router
from aiogram.filters import Command
from aiogram.types import Message

router = Router()
dispatcher = Dispatcher()
dispatcher.include_router(router)


async def on_startup():
    time.sleep(0.001)


dispatcher.startup.register(on_startup)


def is_long(message: Message):
    time.sleep(0.001)
    return True


async def is_long_async(message: Message):
    time.sleep(0.001)
    return True


@router.message(Command("def"), is_long)
def plain(message: Message):
    time.sleep(0.001)


@router.message(Command("async"), is_long_async)
async def coroutine(message: Message):
    time.sleep(0.001)


class Timing(BaseMiddleware):
    async def __call__(self, handler, event, data):
        time.sleep(0.001)
        return await handler(event, data)


router.message.middleware(Timing())


@router.errors()
async def on_error(event):
    time.sleep(0.001)


@router.message(F.text == "fail")
async def fails(message: Message):
    raise ValueError
