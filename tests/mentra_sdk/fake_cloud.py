"""A cloud inside the test: the server end of the app sockets, each step under the test's control."""

import json
from typing import Any

from mentra_sdk import MiniAppServer, webhooks
from mentra_sdk.asgi import Application
from mentra_sdk.dialing import Timing
from tests.support.socket_server import Admit, Message, ServerSocket, SocketServer

USER = "ada@example.com"
PACKAGE = "com.example.captions"
SESSION = f"{USER}-{PACKAGE}"
API_KEY = "0f" * 32

QUICK = Timing(
    open_seconds=2,
    ack_seconds=2,
    ping_seconds=60,
    silence_seconds=60,
    close_seconds=0.2,
    retry_delays_seconds=(0.01, 0.01, 0.01),
)


def transcription(text: str, **fields: Any) -> Message:
    """Build the payload of recognised speech."""
    return {"type": "transcription", "text": text, "isFinal": True, **fields}


class AppSocket(ServerSocket):
    """The cloud's end of one socket of an app."""

    async def send_event(self, stream: str, data: Message) -> None:
        await self.send("data_stream", sessionId=SESSION, streamType=stream, data=data)

    async def accept(self, kind: str = "tpa_connection_ack", **fields: Any) -> Message:
        """Take the introduction, acknowledge it and return it."""
        introduction = await self.next()
        usual: Message = {
            "sessionId": SESSION,
            "mentraosSettings": {"timezone": "Europe/Berlin"},
            "settings": [],
            "capabilities": None,
        }
        await self.send(kind, **{**usual, **fields})
        return introduction


class FakeCloud(SocketServer[AppSocket]):
    """Listens for apps and sends them webhooks."""

    def __init__(self, admit: Admit | None = None) -> None:
        super().__init__(AppSocket, admit)

    @property
    def url(self) -> str:
        return f"{self.address}/app-ws"

    def session_request(self, user: str = USER) -> Message:
        return {
            "type": "session_request",
            "sessionId": f"{user}-{PACKAGE}",
            "userId": user,
            "timestamp": "2026-01-02T03:04:05.678Z",
            "websocketUrl": self.url,
        }

    async def start(self, app: MiniAppServer, user: str = USER) -> AppSocket:
        """Send the start webhook and return the socket the app opened, not yet acknowledged."""
        status, _ = await post(app, "/webhook", self.session_request(user))
        assert status == 200
        return await self.next_socket()


async def post(
    app: MiniAppServer, path: str, body: Message | bytes, headers: dict[str, str] | None = None
) -> tuple[int, Message]:
    """Call a route of the app as its web server would; return status and JSON body."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return await request(app, "POST", path, raw, headers)


async def request(
    app: MiniAppServer, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
) -> tuple[int, Message]:
    """Send one ASGI request to the app."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(event: Any) -> None:
        sent.append(dict(event))

    raw_headers = [(name.lower().encode(), value.encode()) for name, value in (headers or {}).items()]
    scope = {"type": "http", "method": method, "path": path, "root_path": "", "headers": raw_headers}
    await app(scope, receive, send)
    return sent[0]["status"], json.loads(sent[1]["body"])


def signed(secret: str, body: bytes, timestamp_ms: int) -> dict[str, str]:
    """Build the headers of a signed webhook."""
    return {
        "X-Mentra-Timestamp": str(timestamp_ms),
        "X-Mentra-Signature": webhooks.sign(secret, timestamp_ms, body),
    }


async def shut_down(app: Application) -> None:
    """End an app that was never started as a server, as its web server would."""
    events = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])

    async def receive() -> Message:
        return next(events)

    async def send(_event: Any) -> None:
        return None

    await app({"type": "lifespan"}, receive, send)
