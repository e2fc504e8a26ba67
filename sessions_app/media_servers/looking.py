"""How the media server does, for people and probes. Passes nothing on that lets anybody publish."""

import asyncio
import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sessions_app.media_servers.choosing import media_server
from sessions_app.media_servers.server import InputState, MediaServer, MediaServerError

# A hosted one counts what it is asked; probes come every few seconds, to every node.
_FRESH_SECONDS: Final = 15.0
# Each is one question to the server, or a few.
MOST_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class ShownInput:
    """One input; `state` is None when it could not be asked for."""

    input_id: str
    created_at: datetime
    state: InputState | None


@dataclass(frozen=True, slots=True)
class ServerView:
    """A media server as it is now: its newest inputs, how many there are, and why it does not answer, if so."""

    name: str
    count: int = 0
    inputs: list[ShownInput] = field(default_factory=list)
    problem: str = ""


async def look_at_server() -> ServerView | None:
    """Return how the media server does; None when none is configured."""
    server = media_server()
    if server is None:
        return None
    try:
        listed = sorted(await server.list_inputs(), key=lambda one: one[1], reverse=True)
    except MediaServerError as trouble:
        return ServerView(server.name, problem=trouble.message)
    shown = await asyncio.gather(*(_look_at(server, *one) for one in listed[:MOST_SHOWN]))
    return ServerView(server.name, len(listed), list(shown))


async def _look_at(server: MediaServer, input_id: str, created_at: datetime) -> ShownInput:
    try:
        return ShownInput(input_id, created_at, await server.state(input_id))
    except MediaServerError:
        return ShownInput(input_id, created_at, None)


class Probe:
    """Asks whether the media server answers, and remembers that for a while; one for each process."""

    def __init__(self) -> None:
        self._asked_at: float | None = None
        self._problem = ""

    async def problem(self) -> str:
        """Return why the media server cannot be used, "" when it can; not to be asked without one."""
        now = time.monotonic()
        if self._asked_at is None or now - self._asked_at > _FRESH_SECONDS:
            self._problem = await _ask()
            self._asked_at = now
        return self._problem


async def _ask() -> str:
    server = media_server()
    if server is None:
        return "no media server is configured"
    try:
        await server.list_inputs()
    except MediaServerError as trouble:
        return trouble.message
    return ""
