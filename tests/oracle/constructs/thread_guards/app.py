"""Code that asks where it is: it waits only where no loop runs."""
import asyncio
import functools
import threading
import time

main_thread = threading.get_ident()


def if_no_loop():
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        time.sleep(0.001)


def if_loop():
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return
    time.sleep(0.001)


def in_other_thread():
    if threading.get_ident() != main_thread:
        time.sleep(0.001)


def in_main_thread():
    if threading.current_thread() is threading.main_thread():
        time.sleep(0.001)


def has_loop():
    try:
        asyncio.get_running_loop()
        return True
    except RuntimeError:
        return False


def by_helper():
    if not has_loop():
        time.sleep(0.001)


def by_helper_on_loop():
    if has_loop():
        time.sleep(0.001)


def either(function):
    """Called on the loop it gives a future, called elsewhere the result."""

    @functools.wraps(function)
    def wrapper(*args):
        if has_loop():
            return asyncio.get_running_loop().run_in_executor(None, function, *args)
        return function(*args)

    return wrapper


@either
def loaded():
    time.sleep(0.001)


def all_of_them():
    if_no_loop()
    if_loop()
    in_other_thread()
    in_main_thread()
    by_helper()
    by_helper_on_loop()


async def main():
    if_no_loop()
    if_loop()
    in_other_thread()
    in_main_thread()
    by_helper()
    by_helper_on_loop()
    await asyncio.to_thread(all_of_them)
    await loaded()
    await asyncio.to_thread(loaded)
