"""asgiref: decorators on methods, lambdas, ways back and forth between threads and the loop."""
import time

from asgiref.sync import SyncToAsync, async_to_sync, sync_to_async


class Repository:
    @sync_to_async
    def find(self):
        return self.load()

    def load(self):
        time.sleep(0.001)

    @sync_to_async(thread_sensitive=False)
    def find_all(self):
        time.sleep(0.001)

    async def save(self):
        await sync_to_async(self._save)()

    def _save(self):
        time.sleep(0.001)
        async_to_sync(self.notify)()

    async def notify(self):
        time.sleep(0.001)


@async_to_sync
async def decorated():
    time.sleep(0.001)


def calls_decorated():
    decorated()


def by_class():
    time.sleep(0.001)


def argument():
    time.sleep(0.001)


def takes(value):
    time.sleep(0.001)


aload = sync_to_async(by_class)


async def main():
    repository = Repository()
    await repository.find()
    await repository.find_all()
    await repository.save()
    await sync_to_async(calls_decorated)()
    await SyncToAsync(lambda: time.sleep(0.001))()
    await aload()
    await sync_to_async(takes)(argument())
