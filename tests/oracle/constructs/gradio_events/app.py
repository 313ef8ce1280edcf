"""Gradio: a `def` runs in a worker thread, a coroutine function on the loop; generators likewise."""
import time

import gradio


def plain(text):
    time.sleep(0.001)
    return text


async def coroutine(text):
    time.sleep(0.001)
    return text


def steps(text):
    time.sleep(0.001)
    yield text


async def steps_async(text):
    time.sleep(0.001)
    yield text


with gradio.Blocks() as demo:
    box = gradio.Textbox()
    button = gradio.Button()
    button.click(plain, box, box)
    button.click(coroutine, box, box)
    button.click(steps, box, box)
    button.click(steps_async, box, box)
