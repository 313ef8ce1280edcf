"""Django under ASGI: `def` views run in a thread, coroutines on the loop."""
import time

import django
from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.core.signals import request_started
from django.http import HttpResponse
from django.urls import path
from django.views import View

settings.configure(
    ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], MIDDLEWARE=[f"{__name__}.Middleware", f"{__name__}.AsyncMiddleware"]
)
django.setup()


def plain(request):
    time.sleep(0.001)
    return HttpResponse()


async def coroutine(request):
    time.sleep(0.001)
    return HttpResponse()


class Page(View):
    def get(self, request):
        time.sleep(0.001)
        return HttpResponse()


class AsyncPage(View):
    async def get(self, request):
        time.sleep(0.001)
        return HttpResponse()


def queried():
    time.sleep(0.001)


async def offloads(request):
    await sync_to_async(queried)()
    return HttpResponse()


class Middleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        time.sleep(0.001)
        return self.get_response(request)


class AsyncMiddleware:
    sync_capable = False
    async_capable = True

    def __init__(self, get_response):
        self.get_response = get_response

    async def __call__(self, request):
        time.sleep(0.001)
        return await self.get_response(request)


def started(sender, **kwargs):
    time.sleep(0.001)


request_started.connect(started)

urlpatterns = [
    path("def", plain),
    path("async", coroutine),
    path("page", Page.as_view()),
    path("async-page", AsyncPage.as_view()),
    path("offloads", offloads),
]
app = get_asgi_application()
