import asyncio
from unittest import mock


async def drive(app):
    await app.bot._run_event(app.on_ready, "on_ready")
    context = mock.MagicMock(bot=app.bot, command=app.ping)
    app.bot.can_run = mock.AsyncMock(return_value=True)
    assert await app.ping.can_run(context)
    await app.ping.callback(context)
    app.refresh.start()
    await asyncio.sleep(0.05)
    app.refresh.cancel()
