"""Reading a speaker stream from wherever its session is, for a phone that fetches it at this node (media.md §4, P-55).

The owner is asked again and again for what comes next: by a call when it is this node, else through the channel layer.
No more is asked for than the phone takes. When the session moves, or its owner is out of reach for a moment, the
phone's request stays open and goes on at the next owner.
"""

import asyncio
import secrets
import time
from collections.abc import AsyncGenerator
from typing import Final

from sessions_app.database import DATABASE_AWAY
from sessions_app.errors import OwnerUnreachable, SessionAbsent
from sessions_app.media.speaker_links import session_of
from sessions_app.outbound.commands import (
    MOVED,
    STREAM_TAKEN,
    LetGoOfSound,
    ReadSound,
    Reply,
)
from sessions_app.outbound.owner import ask, find_node_of

MOST_AT_ONCE: Final = 64 * 1024
ANSWER_SECONDS: Final = 3.0
PATIENCE_SECONDS: Final = 10.0
FIRST_PATIENCE_SECONDS: Final = 3.0
PAUSE_SECONDS: Final = 0.1
PLACE_SECONDS: Final = 1.0

_farewells: set[asyncio.Task[None]] = set()


class UnknownStream(Exception):
    """No such stream, or not any more."""


class StreamInUse(Exception):
    """Somebody else fetches the stream."""


class SoundReader:
    """One request of a phone for a stream."""

    def __init__(self, token: str) -> None:
        self._token = token
        self._session_id = session_of(token)
        self._name = secrets.token_hex(8)
        self._node_id = ""
        self._position = 0
        self._asked_at = 0.0

    async def begin(self) -> None:
        """Take the stream; raises UnknownStream, StreamInUse, or SessionAbsent when its owner cannot be reached."""
        if not self._session_id:
            raise UnknownStream
        reply = await self._ask(0, FIRST_PATIENCE_SECONDS)
        if reply.code == STREAM_TAKEN.code:
            raise StreamInUse
        if reply.code == MOVED.code:
            raise SessionAbsent("The owner of the stream cannot be reached")
        if not reply.ok:
            raise UnknownStream

    async def pour(self) -> AsyncGenerator[bytes, None]:
        """Yield the sound as it comes, until the stream is over; first nothing, so that the answer begins at once."""
        place = asyncio.create_task(self._keep_place())
        try:
            yield b""
            while True:
                reply = await self._ask(MOST_AT_ONCE, PATIENCE_SECONDS)
                if reply.sound is None or reply.sound.is_over:
                    return
                self._position = reply.sound.position
                if reply.sound.data:
                    yield reply.sound.data
        finally:
            place.cancel()
            farewell = asyncio.create_task(self._leave())
            _farewells.add(farewell)
            farewell.add_done_callback(_farewells.discard)

    async def _keep_place(self) -> None:
        """Show the owner that somebody is there, also while the phone takes nothing."""
        while True:
            await asyncio.sleep(PLACE_SECONDS)
            if time.monotonic() - self._asked_at >= PLACE_SECONDS:
                await self._ask(0, 0.0)

    async def _leave(self) -> None:
        command = LetGoOfSound(self._token, self._name)
        try:
            await ask(self._session_id, command, ANSWER_SECONDS, node_id=self._node_id)
        except (OwnerUnreachable, SessionAbsent, *DATABASE_AWAY):
            return  # an owner that hears nothing of a reader takes it for gone

    async def _ask(self, most: int, patience_seconds: float) -> Reply:
        """Ask the owner, whoever it is by then; MOVED when none answers for so long."""
        began = time.monotonic()
        while True:
            self._asked_at = time.monotonic()
            try:
                self._node_id = self._node_id or await find_node_of(self._session_id)
                command = ReadSound(self._token, self._name, self._position, most)
                reply = await ask(self._session_id, command, ANSWER_SECONDS, node_id=self._node_id)
            except (OwnerUnreachable, SessionAbsent, *DATABASE_AWAY):
                reply = MOVED
            if reply.code != MOVED.code:
                return reply
            self._node_id = ""
            if time.monotonic() - began >= patience_seconds:
                return reply
            await asyncio.sleep(PAUSE_SECONDS)
