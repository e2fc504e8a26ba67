"""The cloud's end of one WebSocket of an app: handshake (app-socket §3), messages in, messages out."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Protocol

from aiohttp import WSCloseCode, WSMsgType, web

from mentra_sdk.testing.app_calls import Message
from mentra_sdk.testing.app_run import AppRun, State
from mentra_sdk.wire import iso_now

CLOSE_SECONDS = 2
PARKING_MS = 30_000
MOST_BYTES = 1 << 22


class Sessions(Protocol):
    """What a socket needs of the cloud."""

    @property
    def is_restarting(self) -> bool:
        """Tell whether apps that come back shall wait."""

    def find_run(self, session_id: str) -> AppRun | None:
        """Return the app in its user's session."""

    def welcome(self, run: AppRun, socket: "AppSocket", kind: str) -> None:
        """Acknowledge and attach an app."""

    def take(self, run: AppRun, message: Message) -> None:
        """A message of an attached app arrived."""

    def take_bytes(self, run: AppRun, data: bytes) -> None:
        """A binary frame of an attached app arrived."""


class AppSocket:
    """Serves one socket to its end. `send` never waits: frames leave in their order."""

    def __init__(self, request: web.Request, sessions: Sessions) -> None:
        self.run: AppRun | None = None
        self.waiting_run: AppRun | None = None
        self._request = request
        self._sessions = sessions
        self._socket = web.WebSocketResponse(max_msg_size=MOST_BYTES, timeout=CLOSE_SECONDS)
        self._outgoing: asyncio.Queue[Callable[[], Awaitable[object]]] = asyncio.Queue()

    async def serve(self) -> web.WebSocketResponse:
        """Introduce the app to its session and carry its messages until the socket closes."""
        await self._socket.prepare(self._request)
        writer = asyncio.create_task(self._write())
        try:
            async for frame in self._socket:
                if frame.type is WSMsgType.TEXT:
                    self._take(json.loads(frame.data))
                elif frame.type is WSMsgType.BINARY and self.run is not None:
                    self._sessions.take_bytes(self.run, frame.data)
        finally:
            writer.cancel()
            self.waiting_run = None
            if self.run is not None:
                self.run.detach(self)
        return self._socket

    def send(self, message: Message) -> None:
        """Send a message."""
        self._outgoing.put_nowait(lambda: self._socket.send_str(json.dumps(message)))

    def send_bytes(self, data: bytes) -> None:
        """Send a binary frame."""
        self._outgoing.put_nowait(lambda: self._socket.send_bytes(data))

    def close(self, code: int, reason: str) -> None:
        """Close the socket behind what was sent before."""
        self._outgoing.put_nowait(lambda: self._socket.close(code=code, message=reason.encode()))

    def cut(self) -> None:
        """Break the connection without a close frame, as a network does."""
        if self._request.transport is not None:
            self._request.transport.abort()

    def admit(self) -> None:
        """Attach an app that was told to wait."""
        if self.waiting_run is not None:
            self._attach(self.waiting_run, "reconnect_ack")

    def _take(self, message: Message) -> None:
        kind = message.get("type")
        if kind == "ping":
            self.send({"type": "pong", "timestamp": iso_now()})
        elif self.run is not None:
            self._sessions.take(self.run, message)
        elif kind == "tpa_connection_init":
            self._on_init(message)
        elif kind == "reconnect":
            self._on_reconnect(message)

    def _on_init(self, message: Message) -> None:
        run = self._find(message)
        if run is None:
            self._refuse("SESSION_NOT_FOUND", "No app was started for this session")
        elif run.state is State.STOPPED:
            self._refuse("APP_NOT_STARTED", "The app is not started for this user")
        elif run.app.api_key not in (None, message.get("apiKey")):
            self._refuse("INVALID_API_KEY", "The API key is not valid")
        else:
            self._attach(run, "tpa_connection_ack")

    def _on_reconnect(self, message: Message) -> None:
        run = self._find(message)
        if run is None or run.state is State.STOPPED:
            self.send(_reconnect("rejected", code="NOT_RUNNING", message="The app is not running"))
        elif self._sessions.is_restarting:
            self.waiting_run = run
            text = "Waiting for the user's device to reconnect"
            self.send(_reconnect("deferred", code="BOOTING", message=text, timeoutMs=PARKING_MS))
        else:
            self._attach(run, "reconnect_ack")

    def _find(self, message: Message) -> AppRun | None:
        headers = self._request.headers
        package = message.get("packageName") or headers.get("x-package-name", "")
        usual = f"{headers.get('x-user-id', '').lower()}-{package}"
        session_id = message.get("sessionId") or headers.get("x-session-id") or usual
        run = self._sessions.find_run(session_id)
        if run is not None:
            run.received.append(message)
            run.changes.tell()
        return run

    def _attach(self, run: AppRun, kind: str) -> None:
        self.run, self.waiting_run = run, None
        self._sessions.welcome(run, self, kind)

    def _refuse(self, code: str, message: str) -> None:
        self.send({"type": "tpa_connection_error", "code": code, "message": message, "timestamp": iso_now()})
        self.close(WSCloseCode.POLICY_VIOLATION, code)

    async def _write(self) -> None:
        while True:
            work = await self._outgoing.get()
            try:
                await work()
            except ConnectionError:
                return


def _reconnect(outcome: str, **fields: object) -> Message:
    return {"type": f"reconnect_{outcome}", **fields, "timestamp": iso_now()}
