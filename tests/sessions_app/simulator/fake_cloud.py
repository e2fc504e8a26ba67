"""The cloud's end of glasses sockets, for tests of the simulated phone."""

from typing import Any

from tests.support.socket_server import Message, ServerSocket, SocketServer

USER = "ada@example.com"
AT = "2026-01-02T03:04:05.678Z"
TOKEN = "a-token"


def session_view(*running: str) -> Message:
    """Build the session as acks and state changes carry it."""
    return {
        "userId": USER,
        "startTime": AT,
        "activeAppSessions": list(running),
        "loadingApps": [],
        "appSubscriptions": {},
        "requiresAudio": False,
        "minimumTranscriptionLanguages": [],
        "isTranscribing": False,
    }


class GlassesSocket(ServerSocket):
    """One socket a phone opened."""

    async def acknowledge(self, *running: str) -> None:
        await self.send("connection_ack", sessionId=USER, timestamp=AT, userSession=session_view(*running))

    async def next_of(self, kind: str) -> Message:
        """As ServerSocket, without the fields that say nothing."""
        message = await super().next_of(kind)
        return {name: value for name, value in message.items() if name != "type"}

    async def show(self, text: str, package_name: str = "com.example.hello") -> None:
        layout = {"layoutType": "text_wall", "text": text}
        await self.send("display_event", packageName=package_name, view="main", layout=layout, timestamp=AT)

    async def set_microphone(self, is_on: bool) -> None:
        fields: dict[str, Any] = {"requiredData": ["pcm"] if is_on else [], "bypassVad": False}
        await self.send(
            "microphone_state_change", sessionId=USER, isMicrophoneEnabled=is_on, timestamp=AT, **fields
        )


class FakeGlassesCloud(SocketServer[GlassesSocket]):
    """Listens for phones."""

    def __init__(self) -> None:
        super().__init__(GlassesSocket)
