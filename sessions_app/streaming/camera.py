"""The camera of one session while it streams: which stream has it, and who may take it over (media.md §5, §6).

Whoever asks was checked before; how a stream fares is in `run.py`.
"""

import asyncio
import logging
import secrets
from typing import Any

import msgspec

from sessions_app.clock import Timer
from sessions_app.media_servers.server import MediaServer
from sessions_app.protocol.fragments import StreamStats
from sessions_app.states import StreamKind
from sessions_app.streaming.addresses import stream_id
from sessions_app.streaming.around import Around
from sessions_app.streaming.rules import OVER, STOP_SECONDS, StreamEvent, event_of, next_stream_state
from sessions_app.streaming.run import StreamRun
from sessions_app.streaming.sending_on import OutputRefused, Refused, send_on, send_on_no_more
from sessions_app.streaming.stream import SentOn, Stream, Wish
from sessions_app.streaming.wire import app_id_of, stop_message

logger = logging.getLogger(__name__)

DISPLACED = "Another stream was started"
_CHANCE = 8
_MOST_LEFT_BEHIND = 10


class Camera:
    """At most one stream of a session."""

    def __init__(self, around: Around) -> None:
        self._around = around
        self._run: StreamRun | None = None
        # Streams that made way, whose glasses may still speak of them; those that the phone was not there to end.
        self._leaving: dict[str, Timer] = {}
        self._left_behind: dict[str, str] = {}
        self._giving_back: asyncio.Task[None] | None = None

    @property
    def stream(self) -> Stream | None:
        """The stream that has the camera, if there is one."""
        return None if self._run is None else self._run.stream

    @property
    def has_media_server(self) -> bool:
        """Whether there is a media server for managed streams."""
        return self._around.media_server() is not None

    def is_used_by(self, kind: StreamKind) -> bool:
        """Whether a stream of this kind runs that was not asked to stop."""
        return self._run is not None and self._run.stream.kind is kind and not self._run.is_stopping

    def start_direct(self, owner: str, url: str, wish: Wish) -> bool:
        """Have the glasses push to an address; what ran before makes way. False when the phone was not there."""
        self.end(DISPLACED)
        stream = self._new(StreamKind.DIRECT, owner, wish, StreamEvent.ASKED)
        stream.push_url = url
        run = self._take(stream)
        if not run.begin():
            self._run = None
            return False
        self._around.tell(stream)
        self._around.keep(stream)
        return True

    def start_managed(self, owner: str, wish: Wish) -> None:
        """Have the glasses push to the media server, or let one more app watch the managed stream that runs."""
        if self._run is not None and self.is_used_by(StreamKind.MANAGED):
            self._watch(self._run.stream, owner)
            return
        self.end(DISPLACED)
        stream = self._new(StreamKind.MANAGED, owner, wish, StreamEvent.PLACE_ASKED)
        stream.viewers.append(owner)
        run = self._take(stream)
        self._around.tell(stream)
        self._around.keep(stream)
        run.place.prepare()

    def stop(self, why: str = "") -> None:
        """Have the glasses stop what runs, and wait a moment for them to say so."""
        if self._run is not None:
            self._run.stop(why)

    def leave(self, package_name: str) -> None:
        """An app wants no more of a managed stream; the last one to leave ends it."""
        stream = self.stream
        if stream is None or package_name not in stream.viewers:
            return
        if stream.viewers == [package_name]:
            self.stop()
            return
        stream.viewers.remove(package_name)
        stream.told.pop(package_name, None)
        if stream.owner == package_name:
            stream.owner = stream.viewers[0]
        self._around.keep(stream)

    def end(self, why: str) -> None:
        """End what runs here and now, without waiting for the glasses."""
        run = self._run
        if run is None:
            return
        run.end(why)
        if not run.leaves_glasses:
            named = run.stream.stream_id
            self._leaving[named] = self._around.clock.call_later(STOP_SECONDS, lambda: self._forget(named))

    async def send_on(self, named: str, package_name: str, url: str, name: str | None) -> SentOn:
        """Send the managed stream of this id on, for an app that watches it; raises OutputRefused."""
        stream, server = self._managed(named)
        output = await send_on(stream, server, package_name, url, name)
        self._around.keep(stream)
        return output

    async def send_on_no_more(self, named: str, package_name: str, output_id: str) -> None:
        """Take an app's output of the stream back; raises OutputRefused."""
        stream, server = self._managed(named)
        await send_on_no_more(stream, server, package_name, output_id)
        self._around.keep(stream)

    async def settled(self) -> None:
        """Wait until the place of the last stream was given back."""
        if self._giving_back is not None:
            await asyncio.wait((self._giving_back,))

    def glasses_said(
        self, named: str | None, status: str, why: str, stats: StreamStats | None, resolved: str
    ) -> None:
        """Take a status of the phone; one of a stream that ended, or of none, is only noted."""
        run = self._run
        if self._is_of_leaving(named, status):
            return
        if run is None or (named and named != run.stream.stream_id):
            logger.info("%s: stream %.40s is %.40s to nobody", self._around.ref.user_id, named, status)
            return
        run.glasses_said(status, why, stats, resolved)

    def acked(self, named: str, ack: str) -> None:
        """Take the answer to a keep-alive."""
        if self._run is not None and self._run.stream.stream_id == named:
            self._run.acked(ack)

    def phone_left(self) -> None:
        """The phone is away."""
        if self._run is not None:
            self._run.phone_left()

    def phone_arrived(self) -> None:
        """A phone is here: it ends what it missed to end, and proves what it streams."""
        old = self._around.uses_old_names()
        left_behind, self._left_behind = self._left_behind, {}
        for named, app_id in left_behind.items():
            self._around.send(stop_message(named, app_id, self._around.ref.user_id, old=old))
        if self._run is not None:
            self._run.phone_arrived()

    def snapshot(self) -> dict[str, Any]:
        """Return the stream for the next owner, JSON-able; empty without one."""
        kept: dict[str, Any] = {} if self.stream is None else msgspec.to_builtins(self.stream)
        return kept

    def restore(self, kept: dict[str, Any]) -> None:
        """Go on with the stream of the last owner, if there was one."""
        if not kept:
            return
        try:
            stream = msgspec.convert(kept, Stream)
        except msgspec.ValidationError as problem:
            logger.warning("%s: its stream is not taken over: %s", self._around.ref.user_id, problem)
            return
        self._take(stream).go_on()

    def close(self) -> None:
        """Stop every timer without a word: the stream is another node's now, or was ended."""
        if self._run is not None:
            self._run.close()
            self._run = None
        for timer in self._leaving.values():
            timer.cancel()
        self._leaving.clear()

    def _managed(self, named: str) -> tuple[Stream, MediaServer]:
        stream, server = self.stream, self._around.media_server()
        if stream is None or server is None or stream.stream_id != named or stream.place is None:
            raise OutputRefused(Refused.STREAM_NOT_FOUND, "No such stream runs.")
        return stream, server

    def _new(self, kind: StreamKind, owner: str, wish: Wish, event: StreamEvent) -> Stream:
        now = self._around.clock.now()
        return Stream(
            stream_id=stream_id(kind, now, [secrets.randbelow(36) for _ in range(_CHANCE)]),
            kind=kind,
            owner=owner,
            wish=wish,
            started_at=now,
            state=next_stream_state(None, event),
        )

    def _take(self, stream: Stream) -> StreamRun:
        run = StreamRun(self._around, stream, on_over=lambda: self._over(run))
        self._run = run
        return run

    def _over(self, run: StreamRun) -> None:
        if self._run is run:
            self._run = None
        self._giving_back = run.giving_back
        if run.leaves_glasses:
            self._left_behind[run.stream.stream_id] = app_id_of(run.stream)
            while len(self._left_behind) > _MOST_LEFT_BEHIND:
                del self._left_behind[next(iter(self._left_behind))]

    def _forget(self, leaving: str) -> None:
        self._leaving.pop(leaving, None)

    def _watch(self, stream: Stream, package_name: str) -> None:
        if package_name not in stream.viewers:
            stream.viewers.append(package_name)
        stream.told.pop(package_name, None)
        self._around.tell(stream)
        self._around.keep(stream)

    def _is_of_leaving(self, named: str | None, status: str) -> bool:
        """Whether a status is about a stream that made way; one that says no id ends the oldest of them."""
        is_over = event_of(status) in OVER
        about = named or (next(iter(self._leaving), "") if is_over else "")
        if about not in self._leaving:
            return False
        if is_over:
            self._leaving.pop(about).cancel()
        return True
