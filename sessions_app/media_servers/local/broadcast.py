"""Who is live at one input: puts the times of publishers who follow one another into one line, and hands pieces on.

Must not know how video comes in.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from sessions_app.clock import SystemClock
from sessions_app.media_servers.local import flv
from sessions_app.media_servers.local.feed import Command, Feed

# Glasses whose network was away for a moment come back into the same film; players never notice an end.
GAP_SECONDS: Final = 20.0


class Broadcast:
    """One input's video. All feeds end some time after the last publisher left."""

    def __init__(self, name: str, packaging: Command, gap_seconds: float = GAP_SECONDS) -> None:
        self.connected_at: datetime | None = None
        self.disconnected_at: datetime | None = None
        self._name = name
        self._clock = SystemClock()
        self._gap_seconds = gap_seconds
        self._package = packaging
        self._packager: Feed | None = None
        self._wanted: dict[str, Command] = {}
        self._outputs: dict[str, Feed] = {}
        self._set_up: dict[int, flv.Tag] = {}
        self._publisher: Publisher | None = None
        self._last_at = 0
        self._left_at = 0.0
        self._changing = asyncio.Lock()
        self._ending: asyncio.Task[None] | None = None

    @property
    def is_connected(self) -> bool:
        return self._publisher is not None

    @property
    def is_packaged(self) -> bool:
        """Whether something writes what browsers play."""
        return self._packager is not None and self._packager.is_running

    async def admit(self, hang_up: Callable[[], None]) -> "Publisher":
        """Let somebody publish; whoever published until now is sent away."""
        async with self._changing:
            if self._ending is not None:
                self._ending.cancel()
                self._ending = None
            if self._publisher is not None:
                self._publisher.send_away()
                self._left_at = self._clock.monotonic()
            self._publisher = publisher = Publisher(self, hang_up)
            if self._packager is None:
                self._last_at, self._left_at = 0, 0.0
                self._set_up.clear()
                await self._start()
            self.connected_at, self.disconnected_at = self._clock.now(), None
            return publisher

    def resume_at(self) -> int:
        """Return the time of the next piece in milliseconds: the pause is part of the film."""
        if not self._left_at:
            return 0
        return self._last_at + max(1, round((self._clock.monotonic() - self._left_at) * 1000))

    def take(self, tag: flv.Tag, shift: int) -> None:
        """Hand a piece to every feed, its time moved by `shift`."""
        if tag.is_hollow:
            return
        tag = flv.Tag(tag.kind, max(0, tag.at + shift), tag.body)
        if tag.is_set_up:
            self._note_set_up(tag)
        else:
            self._last_at = max(self._last_at, tag.at)
        if self._packager is not None:
            self._packager.offer(tag)
        for feed in self._outputs.values():
            feed.offer(tag)

    def left(self, publisher: "Publisher") -> None:
        """Hear that a publisher is gone."""
        if self._publisher is publisher:
            self._publisher = None
            self._left_at = self._clock.monotonic()
            self.disconnected_at = self._clock.now()
            self._ending = asyncio.create_task(self._end_later(), name=f"end of {self._name}")

    async def add_output(self, output_id: str, command: Command) -> None:
        """Push on to a further place, now if somebody is live and always from now on."""
        async with self._changing:
            self._wanted[output_id] = command
            if self._packager is not None:
                await self._start_output(output_id)

    async def remove_output(self, output_id: str) -> None:
        """Push there no more."""
        async with self._changing:
            self._wanted.pop(output_id, None)
            if (feed := self._outputs.pop(output_id, None)) is not None:
                await feed.close()

    async def close(self) -> None:
        """Send the publisher away and end all feeds."""
        if self._publisher is not None:
            self._publisher.send_away()
            self._publisher = None
        if self._ending is not None:
            self._ending.cancel()
        async with self._changing:
            await self._end()

    def set_up_tags(self) -> Sequence[flv.Tag]:
        """Return what a feed must know before anything else."""
        return [self._set_up[kind] for kind in (flv.DATA, flv.VIDEO, flv.AUDIO) if kind in self._set_up]

    def _note_set_up(self, tag: flv.Tag) -> None:
        """Keep it for feeds that start later; what browsers play begins anew when pictures or sound change in kind."""
        known = self._set_up.get(tag.kind)
        self._set_up[tag.kind] = tag
        is_other = known is not None and known.body != tag.body and tag.kind != flv.DATA
        if is_other and self._packager is not None:
            self._packager.renew()

    async def _start(self) -> None:
        self._packager = Feed(f"packaging {self._name}", self._package, self.set_up_tags)
        await self._packager.start()
        for output_id in self._wanted:
            await self._start_output(output_id)

    async def _start_output(self, output_id: str) -> None:
        name = f"output {output_id} of {self._name}"
        feed = self._outputs[output_id] = Feed(name, self._wanted[output_id], self.set_up_tags)
        await feed.start()

    async def _end_later(self) -> None:
        await asyncio.sleep(self._gap_seconds)
        async with self._changing:
            self._ending = None
            await self._end()

    async def _end(self) -> None:
        feeds = [*self._outputs.values(), *([self._packager] if self._packager else [])]
        self._outputs.clear()
        self._packager = None
        await asyncio.gather(*(feed.close() for feed in feeds))


class Publisher:
    """One connection that pushes."""

    def __init__(self, broadcast: Broadcast, hang_up: Callable[[], None]) -> None:
        self._broadcast: Broadcast | None = broadcast
        self._hang_up = hang_up
        self._shift: int | None = None

    def take(self, tag: flv.Tag) -> None:
        """Hand a piece on, unless somebody else publishes now."""
        if self._broadcast is None:
            return
        if self._shift is None and not tag.is_set_up:
            self._shift = self._broadcast.resume_at() - tag.at
        self._broadcast.take(tag, self._shift or 0)

    def leave(self) -> None:
        """Say that nothing more comes."""
        if self._broadcast is not None:
            broadcast, self._broadcast = self._broadcast, None
            broadcast.left(self)

    def send_away(self) -> None:
        """End the connection: its place is needed."""
        self._broadcast = None
        self._hang_up()
