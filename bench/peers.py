"""Phones, and the apps' server: both light, both counting what reaches them."""

import asyncio
import json
import time
from collections.abc import Mapping
from functools import partial
from typing import Any

from aiohttp import web

from bench.client import ClientSocket, Refused, connect
from bench.seed import PACKAGES

LEGACY, MODERN = PACKAGES
ANSWER_SECONDS = 30.0
_TYPE = b'"type":"'


def message_type(frame: bytes) -> str:
    """Return the type of a message of the cloud; it comes first in its JSON."""
    begin = frame.find(_TYPE) + len(_TYPE)
    return frame[begin : frame.index(b'"', begin)].decode()


def encode(message: Mapping[str, Any]) -> bytes:
    """Return a message as a text frame."""
    return json.dumps(message, separators=(",", ":")).encode()


class Expected:
    """Messages someone waits for, by their type."""

    def __init__(self) -> None:
        self._waiting: dict[str, asyncio.Future[bytes]] = {}

    def next(self, kind: str) -> asyncio.Future[bytes]:
        """Return what becomes the next frame of this type."""
        self._waiting[kind] = asyncio.get_running_loop().create_future()
        return self._waiting[kind]

    def take(self, frame: bytes) -> str:
        """Give a frame to whoever waits for it; return its type."""
        kind = message_type(frame)
        waiting = self._waiting.pop(kind, None)
        if waiting is not None and not waiting.done():
            waiting.set_result(frame)
        return kind


class Phone:
    """One user's phone."""

    def __init__(self, port: int, user_id: str, token: str) -> None:
        self.user_id = user_id
        self.drawn_at: list[tuple[str, float]] = []
        self.is_connected = False
        self.lost = asyncio.Event()
        self._port = port
        self._token = token
        self._expected = Expected()
        self._socket: ClientSocket | None = None

    async def connect(self, port: int | None = None) -> float:
        """Open the socket, to another node when `port` says so; return the seconds until `connection_ack`."""
        began = time.monotonic()
        self._port = port or self._port
        self.lost.clear()
        acked = self._expected.next("connection_ack")
        headers = {"Authorization": f"Bearer {self._token}"}
        self._socket = await connect(self._port, "/glasses-ws", headers, self._take)
        self._socket.on_end = partial(self._on_end, self._socket)
        await asyncio.wait_for(acked, ANSWER_SECONDS)
        self.is_connected = True
        return time.monotonic() - began

    async def start_app(self, package: str) -> float:
        """Start an app; return the seconds until the phone hears that it runs."""
        began = time.monotonic()
        started = self._expected.next("app_started")
        self.send({"type": "start_app", "packageName": package})
        await asyncio.wait_for(started, ANSWER_SECONDS)
        return time.monotonic() - began

    def next(self, kind: str) -> asyncio.Future[bytes]:
        """Return what becomes the next message of this type."""
        return self._expected.next(kind)

    def send(self, message: Mapping[str, Any]) -> None:
        """Send a message."""
        self.socket.send_text(encode(message))

    @property
    def socket(self) -> ClientSocket:
        """The open connection."""
        if self._socket is None:
            raise RuntimeError(f"{self.user_id} is not connected")
        return self._socket

    def press_button(self) -> None:
        """Send an event that says when it left."""
        self.send(
            {
                "type": "button_press",
                "buttonId": "main",
                "pressType": "short",
                "sentAt": time.monotonic_ns(),
            }
        )

    def drop(self) -> None:
        """Lose the network."""
        self.socket.abort()
        self.is_connected = False

    def _take(self, frame: bytes) -> None:
        if self._expected.take(frame) == "display_event":
            self.drawn_at.append((json.loads(frame)["layout"].get("text", ""), time.monotonic()))

    def _on_end(self, socket: ClientSocket, why: str) -> None:
        del why
        if socket is self._socket:
            self.lost.set()


class App:
    """One app of one user, on its socket to the cloud; family A or C by its package."""

    def __init__(self, user_id: str, package: str, api_key: str) -> None:
        self.package = package
        self.session_id = f"{user_id}-{package}"
        self.frames = 0
        self.audio_latencies: list[float] = []
        self.event_latencies: list[float] = []
        self.heard_event = asyncio.Event()
        self._user_id = user_id
        self._api_key = api_key
        self._expected = Expected()
        self._socket: ClientSocket | None = None
        self._streams: tuple[str, ...] = ()

    async def connect(self, port: int, path: str) -> None:
        """Open the socket, introduce the app and return with its ack and, once it had some, its subscriptions.

        Raises Refused when the cloud ends the socket instead.
        """
        acked = self._expected.next("tpa_connection_ack")
        headers, message = {}, {"type": "tpa_connection_init", "apiKey": self._api_key}
        if self.package == MODERN:
            headers = {"X-User-Id": self._user_id, "X-Package-Name": self.package}
            message |= {"packageName": self.package, "sdkVersion": "3.0.0-bench"}
        else:
            message |= {"sessionId": self.session_id, "packageName": self.package}
        self._socket = await connect(port, path, headers, self._take)
        self._socket.on_bytes = self._hear
        self._socket.on_end = partial(_refuse, acked)
        self._socket.send_text(encode(message))
        await asyncio.wait_for(acked, ANSWER_SECONDS)
        if self._streams:
            self.subscribe(*self._streams)

    def send(self, message: Mapping[str, Any]) -> None:
        """Send a message in the app's name."""
        if self._socket is None:
            raise RuntimeError(f"{self.session_id} has no socket")
        self._socket.send_text(encode({**message, "packageName": self.package, "sessionId": self.session_id}))

    def subscribe(self, *streams: str) -> None:
        """Replace the app's subscriptions."""
        self._streams = streams
        self.send({"type": "subscription_update", "subscriptions": list(streams)})

    def _hear(self, frame: bytes) -> None:
        self.frames += 1
        self.audio_latencies.append((time.monotonic_ns() - int.from_bytes(frame[:8], "big")) / 1e9)

    def _take(self, frame: bytes) -> None:
        if self._expected.take(frame) == "data_stream":
            sent = json.loads(frame)["data"].get("sentAt")
            if sent is not None:
                self.event_latencies.append((time.monotonic_ns() - sent) / 1e9)
                self.heard_event.set()


def _refuse(acked: asyncio.Future[bytes], why: str) -> None:
    if not acked.done():
        acked.set_exception(Refused(why))


class AppServer:
    """Takes the cloud's webhooks for both apps and opens a socket for each user.

    It goes where the webhook says, unless `ports` names the port of another node for the user.
    """

    def __init__(self, keys: Mapping[str, str]) -> None:
        self.apps: dict[str, App] = {}
        self.ports: dict[str, int] = {}
        self._keys = keys
        self._runner: web.AppRunner | None = None
        self._opening: set[asyncio.Task[None]] = set()

    async def listen(self, port: int) -> None:
        """Take webhooks on 127.0.0.1."""
        application = web.Application()
        application.router.add_post("/webhook", self._on_webhook)
        self._runner = web.AppRunner(application, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port, backlog=1024).start()

    async def close(self) -> None:
        """Stop listening."""
        if self._runner is not None:
            await self._runner.cleanup()

    def app_of(self, user_id: str, package: str) -> App:
        """Return a user's app."""
        return self.apps[f"{user_id}-{package}"]

    def _opened(self, opening: asyncio.Task[None]) -> None:
        self._opening.discard(opening)
        if not opening.cancelled():
            # A socket that was refused shows in what its app does not get.
            opening.exception()

    async def _on_webhook(self, request: web.Request) -> web.Response:
        call = await request.json()
        if call["type"] == "session_request":
            package = next(name for name in PACKAGES if call["sessionId"].endswith(f"-{name}"))
            app = self.apps.setdefault(call["sessionId"], App(call["userId"], package, self._keys[package]))
            address, _, path = call["websocketUrl"].removeprefix("ws://").partition("/")
            port = self.ports.get(call["userId"], int(address.rpartition(":")[2]))
            opening = asyncio.create_task(app.connect(port, f"/{path}"))
            self._opening.add(opening)
            opening.add_done_callback(self._opened)
            if package == LEGACY:
                # The older SDK answers only when its session is up.
                try:
                    await opening
                except (TimeoutError, OSError):
                    return web.json_response({"status": "error"}, status=500)
        return web.json_response({"status": "success"})
