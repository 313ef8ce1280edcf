"""What runs in its caller's thread, however it looks: contexts, stacks, keys, caches, callbacks of libraries."""
import asyncio
import contextlib
import contextvars
import functools
import itertools
import json
import operator
import re
import time
from collections import defaultdict
from dataclasses import dataclass, field


def in_context():
    time.sleep(0.001)


def on_exit():
    time.sleep(0.001)


def on_exit_pushed(*error):
    time.sleep(0.001)


async def on_exit_async():
    time.sleep(0.001)


def on_exit_in_thread():
    time.sleep(0.001)


@contextlib.contextmanager
def managed():
    time.sleep(0.001)
    yield


@contextlib.contextmanager
def managed_to_the_end():
    yield
    time.sleep(0.001)


class Entered:
    def __enter__(self):
        time.sleep(0.001)
        return self

    def __exit__(self, *error):
        pass


class Left:
    def __enter__(self):
        return self

    def __exit__(self, *error):
        time.sleep(0.001)


class Closing:
    def close(self):
        time.sleep(0.001)


class AsyncClosing:
    async def aclose(self):
        time.sleep(0.001)


class Decorating(contextlib.ContextDecorator):
    def __enter__(self):
        time.sleep(0.001)  # miss: what a ContextDecorator does around a function is not followed

    def __exit__(self, *error):
        return None


@Decorating()
def in_decorator():
    time.sleep(0.001)


@functools.cache
def cached(number):
    time.sleep(0.001)
    return number


@functools.singledispatch
def shown(value):
    time.sleep(0.001)


@shown.register
def _(value: int):
    time.sleep(0.001)


class Lazy:
    @functools.cached_property
    def value(self):
        time.sleep(0.001)
        return 1

    def __len__(self):
        time.sleep(0.001)
        return 1

    def __eq__(self, other):
        time.sleep(0.001)
        return True

    def __hash__(self):
        time.sleep(0.001)
        return 1


def by_key(value):
    time.sleep(0.001)
    return value


def mapped(value):
    time.sleep(0.001)
    return value


def filtered(value):
    time.sleep(0.001)
    return True


def reduced(left, right):
    time.sleep(0.001)
    return left


def replaced(match):
    time.sleep(0.001)
    return ""


def as_json(value):
    time.sleep(0.001)
    return None


def from_json(value):
    time.sleep(0.001)
    return value


def made():
    time.sleep(0.001)  # miss: reading a defaultdict is not taken to call its factory
    return []


def read():
    time.sleep(0.001)
    return None


def accumulated(left, right):
    time.sleep(0.001)
    return left


def grouped(value):
    time.sleep(0.001)
    return value


def made_in_field():
    time.sleep(0.001)
    return []


@dataclass
class Record:
    items: list = field(default_factory=made_in_field)


@dataclass
class Checked:
    def __post_init__(self):
        time.sleep(0.001)


def by_operator():
    time.sleep(0.001)


async def main():
    contextvars.copy_context().run(in_context)
    with contextlib.ExitStack() as stack:
        stack.enter_context(managed())
        stack.enter_context(managed_to_the_end())
        stack.enter_context(Entered())
        stack.enter_context(Left())
        stack.callback(on_exit)
        stack.push(on_exit_pushed)
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(on_exit_async)
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(asyncio.to_thread, on_exit_in_thread)
    with contextlib.closing(Closing()):
        pass
    async with contextlib.aclosing(AsyncClosing()):
        pass
    in_decorator()
    cached(1)
    shown("text")
    shown(1)
    lazy = Lazy()
    assert lazy.value
    assert len(lazy)
    assert lazy == 1
    assert {lazy}
    sorted([2, 1], key=by_key)
    list(map(mapped, [1]))
    any(filter(filtered, [1]))
    functools.reduce(reduced, [1, 2])
    re.sub("a", replaced, "a")
    json.dumps({"a": object()}, default=as_json)
    json.loads("{}", object_hook=from_json)
    assert defaultdict(made)["x"] == []
    for _ in iter(read, None):
        pass
    list(itertools.accumulate([1, 2], accumulated))
    for _ in itertools.groupby([1], grouped):
        pass
    Record()
    Checked()
    operator.call(by_operator)
