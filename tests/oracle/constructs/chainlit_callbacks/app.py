"""Chainlit: callbacks run on the loop, `def` or not; `make_async` in a thread."""
import os
import tempfile
import time

folder = tempfile.TemporaryDirectory()
os.environ["CHAINLIT_APP_ROOT"] = folder.name  # it writes its settings there when it is imported

import chainlit  # noqa: E402


def offloaded():
    time.sleep(0.001)


@chainlit.on_stop
def on_stop():
    time.sleep(0.001)


@chainlit.on_chat_end
async def on_chat_end():
    time.sleep(0.001)
    await chainlit.make_async(offloaded)()


@chainlit.author_rename
def author_rename(author):
    time.sleep(0.001)
    return author


@chainlit.on_app_startup
def on_app_startup():
    time.sleep(0.001)


@chainlit.on_app_shutdown
async def on_app_shutdown():
    time.sleep(0.001)
