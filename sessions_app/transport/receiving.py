"""Frames as they come from an ASGI server."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

Receive = Callable[[], Awaitable[dict[str, Any]]]

_CAUSES = {1000: "peer closed", 1001: "peer went away", 1005: "peer closed", 1006: "network", 1009: "too big"}


@dataclass(frozen=True, slots=True)
class Gone:
    """The socket ended, with this close code (1006: without a word)."""

    code: int

    @property
    def cause(self) -> str:
        """A few words for logs, history and the counter of causes (P-12)."""
        return _CAUSES.get(self.code, f"code {self.code}")


async def receive_frame(receive: Receive) -> str | bytes | Gone:
    """Return the next text or binary frame, or Gone."""
    event = await receive()
    if event["type"] == "websocket.receive":
        text = event.get("text")
        if text is not None:
            return str(text)
        return bytes(event.get("bytes") or b"")
    return Gone(event.get("code") or 1005)
