"""Objects that stand for others: an asynchronous face of a synchronous client, registries, templates."""
import asyncio
import functools
import time


class Client:
    def get(self):
        time.sleep(0.001)

    def put(self):
        time.sleep(0.001)

    def poll(self):
        time.sleep(0.001)

    def peek(self):
        time.sleep(0.001)


class AsyncProxy:
    def __init__(self, inner):
        self._inner = inner

    def __getattr__(self, name):
        attribute = getattr(self._inner, name)

        @functools.wraps(attribute)
        async def call(*args, **kwargs):
            return await asyncio.to_thread(attribute, *args, **kwargs)

        return call


class BadProxy:
    def __init__(self, inner):
        self._inner = inner

    def __getattr__(self, name):
        attribute = getattr(self._inner, name)

        async def call(*args, **kwargs):
            return attribute(*args, **kwargs)

        return call


class AsyncClient:
    def __init__(self):
        self._sync = Client()

    async def _in_thread(self, method, *args):
        return await asyncio.get_running_loop().run_in_executor(None, functools.partial(method, *args))

    async def put(self):
        await self._in_thread(self._sync.put)

    def peek(self):
        return asyncio.to_thread(self._sync.peek)


class Handler:
    registry = {}

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        cls.registry[cls.__name__] = cls

    async def run(self):
        self.prepare()
        await self.handle()
        await asyncio.to_thread(self.finish)

    def prepare(self):
        pass

    async def handle(self):
        raise NotImplementedError

    def finish(self):
        pass


class Slow(Handler):
    def prepare(self):
        time.sleep(0.001)

    async def handle(self):
        time.sleep(0.001)

    def finish(self):
        time.sleep(0.001)


class Commands:
    def do_read(self):
        time.sleep(0.001)

    async def do_write(self):
        time.sleep(0.001)

    async def dispatch(self, name):
        method = getattr(self, f"do_{name}")
        result = method()
        if asyncio.iscoroutine(result):
            await result


handlers = {}


def on(event):
    def register(function):
        handlers.setdefault(event, []).append(function)
        return function

    return register


@on("saved")
def saved(word):
    time.sleep(0.001)


@on("saved")
async def saved_async(word):
    time.sleep(0.001)


async def emit(event, word):
    for handler in handlers[event]:
        if asyncio.iscoroutinefunction(handler):
            await handler(word)
        else:
            await asyncio.to_thread(handler, word)


hooks = {}


def hook(event):
    def register(function):
        hooks.setdefault(event, []).append(function)
        return function

    return register


@hook("removed")
def removed(word):
    time.sleep(0.001)


async def call_hooks(event, word):
    for each in hooks.get(event, ()):
        each(word)


async def main():
    await AsyncProxy(Client()).get()
    await BadProxy(Client()).poll()
    client = AsyncClient()
    await client.put()
    await client.peek()
    await Handler.registry["Slow"]().run()
    commands = Commands()
    await commands.dispatch("read")
    await commands.dispatch("write")
    await emit("saved", "word")
    await call_hooks("removed", "word")
