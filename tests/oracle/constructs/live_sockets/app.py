"""Websockets: a manager of connections, loops over messages, handlers by their names, work in threads."""
import asyncio
import time

from fastapi import APIRouter, Depends, FastAPI, WebSocket, WebSocketDisconnect
from starlette.endpoints import WebSocketEndpoint
from starlette.routing import WebSocketRoute

app = FastAPI()
router = APIRouter()


class Manager:
    def __init__(self):
        self.active = []

    async def connect(self, websocket):
        await websocket.accept()
        self.active.append(websocket)
        self.audit()

    def audit(self):
        time.sleep(0.001)

    def disconnect(self, websocket):
        self.active.remove(websocket)
        time.sleep(0.001)

    async def broadcast(self, text):
        for each in self.active:
            await each.send_text(self.format(text))

    def format(self, text):
        time.sleep(0.001)
        return text


manager = Manager()


def handle(text):
    time.sleep(0.001)
    return text


def store(text):
    time.sleep(0.001)


@app.websocket("/chat")
async def chat(websocket: WebSocket):
    await manager.connect(websocket)
    try:
        while True:
            text = handle(await websocket.receive_text())
            await asyncio.to_thread(store, text)
            await manager.broadcast(text)
    except WebSocketDisconnect:
        manager.disconnect(websocket)


async def user():
    time.sleep(0.001)
    return "user"


def user_def():
    time.sleep(0.001)
    return "user"


@router.websocket("/user")
async def with_user(websocket: WebSocket, a=Depends(user), b=Depends(user_def)):
    await websocket.accept()
    await Session(websocket).run()


class Session:
    def __init__(self, websocket):
        self.websocket = websocket
        self.handlers = {"text": self.on_text}

    async def run(self):
        async for text in self.websocket.iter_text():
            self.handlers["text"](text)

    def on_text(self, text):
        time.sleep(0.001)


app.include_router(router)


class Echo(WebSocketEndpoint):
    encoding = "text"

    async def on_receive(self, websocket, data):
        self.answer(data)

    def answer(self, data):
        time.sleep(0.001)


app.router.routes.append(WebSocketRoute("/echo", Echo))
