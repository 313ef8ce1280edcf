"""Channels: a `def` consumer runs in threads, a coroutine one on the loop."""
import time

import django
from django.conf import settings

settings.configure(CHANNEL_LAYERS={"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}, DATABASES={})
django.setup()

from channels.db import database_sync_to_async  # noqa: E402
from channels.generic.websocket import AsyncWebsocketConsumer, WebsocketConsumer  # noqa: E402


class Plain(WebsocketConsumer):
    def connect(self):
        time.sleep(0.001)
        self.accept()

    def receive(self, text_data=None, bytes_data=None):
        time.sleep(0.001)
        self.send(text_data="")


class Coroutine(AsyncWebsocketConsumer):
    async def connect(self):
        time.sleep(0.001)
        await self.accept()

    async def receive(self, text_data=None, bytes_data=None):
        time.sleep(0.001)
        await self.find()
        await self.send(text_data="")

    @database_sync_to_async
    def find(self):
        time.sleep(0.001)
