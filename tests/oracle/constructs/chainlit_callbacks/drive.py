from unittest import mock

from chainlit.config import config
from chainlit.context import context_var


async def drive(app):
    context_var.set(mock.AsyncMock())  # of the browser that is told of everything
    callbacks = config.code
    await callbacks.on_app_startup()
    await callbacks.on_stop()
    await callbacks.on_chat_end()
    await callbacks.author_rename("someone")
    await callbacks.on_app_shutdown()
