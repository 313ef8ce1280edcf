from datetime import datetime

from aiogram import Bot
from aiogram.types import Chat, Message, Update


async def drive(app):
    bot = Bot("42:TEST")
    await app.dispatcher.emit_startup(bot=bot)
    for number, text in enumerate(("/def", "/async", "fail")):
        message = Message(message_id=number, date=datetime.now(), chat=Chat(id=1, type="private"), text=text)
        await app.dispatcher.feed_update(bot, Update(update_id=number, message=message))
    await bot.session.close()
