"""Stands between a cloud and an app server and writes down what passes. Knows frames, not what they mean."""

import asyncio
import contextlib
import json
from typing import Any, Self

import aiohttp
from aiohttp import WSMsgType, web
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.support.inbox import Inbox
from tests.support.ports import free_port

HEADERS = ("x-user-id", "x-session-id", "x-package-name", "x-api-key")
ADDRESSES = ("websocketUrl", "mentraOSWebsocketUrl", "augmentOSWebsocketUrl")
JSON = "application/json"
NO_CLOSE_FRAME = 1006
Frame = dict[str, Any]


class Recorder:
    """Is the app server for the cloud, and the cloud for the app server at 127.0.0.1:`app_port`.

    `frames` holds {"way": "calls" | "to_app" | "from_app", "step": …, …} in the order things passed.
    """

    def __init__(self, app_port: int) -> None:
        self.port = free_port()
        self.step = ""
        self.frames = Inbox("recorder")
        self._app_url = f"http://127.0.0.1:{app_port}"
        self._cloud_url = ""
        self._http = aiohttp.ClientSession()
        self._runner: web.AppRunner | None = None
        self._legs: list[web.Request] = []

    @property
    def url(self) -> str:
        """What the cloud has as the app's address."""
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        application = web.Application()
        application.router.add_get("/app-ws", self._carry)
        application.router.add_post("/{route:.*}", self._call)
        self._runner = web.AppRunner(
            application, access_log=None, handler_cancellation=True, shutdown_timeout=1
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.cut()
        assert self._runner is not None
        await self._runner.cleanup()
        await self._http.close()

    def cut(self) -> None:
        """Break every socket on the app's side, as a network does."""
        for request in list(self._legs):
            if request.transport is not None:
                request.transport.abort()

    async def _call(self, request: web.Request) -> web.Response:
        if request.content_type != JSON:
            return await self._pass_on(request)
        body = await request.json()
        sent = dict(body)
        for name in ADDRESSES:
            if name in body:
                self._cloud_url = body[name]
                sent[name] = f"ws://127.0.0.1:{self.port}/app-ws"
        frame = {"route": request.path, "body": body}
        step = self.step
        async with self._http.post(f"{self._app_url}{request.path}", json=sent) as answer:
            frame |= {"status": answer.status, "answer": await answer.json()}
        self.frames.put({"way": "calls", "step": step, **frame})
        return web.json_response(frame["answer"], status=frame["status"])

    async def _pass_on(self, request: web.Request) -> web.Response:
        """Carry a form, such as that of a photo that failed, without a note: it comes beside the messages."""
        headers = {"content-type": request.headers["content-type"]}
        async with self._http.post(
            f"{self._app_url}{request.path}", data=await request.read(), headers=headers
        ) as answer:
            return web.Response(body=await answer.read(), status=answer.status)

    async def _carry(self, request: web.Request) -> web.WebSocketResponse:
        headers = {name: request.headers[name] for name in HEADERS if name in request.headers}
        app = web.WebSocketResponse(max_msg_size=0)
        async with connect(self._cloud_url, additional_headers=headers, proxy=None, max_size=None) as cloud:
            await app.prepare(request)
            self._legs.append(request)
            self._note("from_app", {"socket": "open", "headers": headers})
            down = asyncio.create_task(self._copy_down(cloud, app))
            try:
                await self._copy_up(app, cloud)
            finally:
                self._legs.remove(request)
                code = app.close_code or NO_CLOSE_FRAME
                self._note("from_app", {"socket": "closed", "code": code})
                if code == NO_CLOSE_FRAME:
                    cloud.transport.abort()
            await cloud.close(code)
            await down
        return app

    async def _copy_up(self, app: web.WebSocketResponse, cloud: ClientConnection) -> None:
        with contextlib.suppress(ConnectionClosed):
            async for frame in app:
                if frame.type is WSMsgType.TEXT:
                    self._note("from_app", {"message": json.loads(frame.data)})
                    await cloud.send(frame.data)

    async def _copy_down(self, cloud: ClientConnection, app: web.WebSocketResponse) -> None:
        with contextlib.suppress(ConnectionClosed):
            async for text in cloud:
                self._note("to_app", {"message": json.loads(text)})
                # What the cloud says to an app that just left is part of the exchange too.
                with contextlib.suppress(ConnectionError):
                    await app.send_str(str(text))
        with contextlib.suppress(ConnectionError):
            await app.close(code=cloud.close_code or NO_CLOSE_FRAME)

    def _note(self, way: str, what: Frame) -> None:
        self.frames.put({"way": way, "step": self.step, **what})
