"""The life of one camera stream: each move, and what follows from it towards phone, apps and media server."""

import asyncio
import logging
from collections.abc import Callable

from sessions_app.protocol.codec import iso
from sessions_app.protocol.codes import ErrorCode
from sessions_app.protocol.fragments import StreamStats
from sessions_app.states import StreamState
from sessions_app.streaming.around import Around
from sessions_app.streaming.place import Place
from sessions_app.streaming.rules import StreamEvent, can, event_of, next_stream_state
from sessions_app.streaming.stream import Stream
from sessions_app.streaming.watch import Alarms, StreamWatch
from sessions_app.streaming.wire import app_id_of, keep_alive_message, start_message, stop_message

logger = logging.getLogger(__name__)

_E = StreamEvent
NO_LIFE = f"{ErrorCode.TIMEOUT}: the glasses do not answer any more"
NO_WORD = f"{ErrorCode.TIMEOUT}: the glasses said nothing of the stream for a minute"
NO_PHONE = f"{ErrorCode.PHONE_DISCONNECTED}: the phone did not come back to the stream"
LIMIT = "The stream reached the duration it was asked for"


class StreamRun:
    """A stream with its timers and its place at the media server; `on_over` is called once, at its end.

    At its end, `leaves_glasses` says that the glasses may stream on, because the phone could not be told to stop, and
    `giving_back` is the task that gives the place back.
    """

    def __init__(self, around: Around, stream: Stream, on_over: Callable[[], None]) -> None:
        self._around = around
        self._on_over = on_over
        self.stream = stream
        self.leaves_glasses = False
        self.giving_back: asyncio.Task[None] | None = None
        alarms = Alarms(
            ask=self._ask,
            dead=lambda: self._give_up(_E.FELL_SILENT, NO_LIFE),
            silent=lambda: self._give_up(_E.FELL_SILENT, NO_WORD),
            gone=lambda: self._give_up(_E.STAYED_AWAY, NO_PHONE),
            limit=lambda: self.stop(LIMIT),
            unstopped=lambda: self.move(_E.STOP_UNANSWERED),
        )
        self._watch = StreamWatch(around.clock, alarms)
        self.place = Place(
            around,
            stream,
            on_ready=self._place_ready,
            on_watchable=self._told_anew,
            on_failure=self.fail,
        )

    @property
    def is_stopping(self) -> bool:
        """Whether the glasses were asked to end it."""
        return self.stream.state is StreamState.STOPPING

    def begin(self) -> bool:
        """Have the glasses begin; false when the phone is not there, and nothing happened then."""
        now = iso(self._around.clock.now())
        old = self._around.uses_old_names()
        if not self._around.send(start_message(self.stream, self._around.ref.user_id, now, old=old)):
            return False
        self._watch.begin()
        return True

    def stop(self, why: str = "") -> None:
        """Have the glasses stop, and wait a moment for them to say so."""
        if not can(self.stream.state, _E.STOP):
            return
        self.move(_E.STOP, why)
        if not self.stream.is_over:
            self._send_stop()

    def fail(self, why: str) -> None:
        """End it because it cannot go on."""
        self._give_up(_E.FAILED, why)

    def end(self, why: str) -> None:
        """End it here and now, without waiting for the glasses."""
        if self.stream.state is StreamState.PREPARING:
            self.move(_E.STOP, why)
            return
        if not self.is_stopping:
            self.move(_E.STOP, why, is_told=False)
            self._send_stop()
        self.move(_E.STOP_UNANSWERED)

    def glasses_said(self, status: str, why: str, stats: StreamStats | None, resolved: str) -> None:
        """Take a status of the phone about this stream."""
        stream, event = self.stream, event_of(status)
        if event is None or not can(stream.state, event):
            return
        stream.resolved_config = resolved or stream.resolved_config
        self._watch.heard()
        if next_stream_state(stream.state, event) is not stream.state:
            self.move(event, why)
        if stats is not None and not stream.is_over:
            self._around.tell(stream, stats)

    def acked(self, ack: str) -> None:
        """Take the answer to a keep-alive. It is life enough for a stream that is live; another one has to begin."""
        if not self._watch.acked(ack):
            return
        if self.stream.state is StreamState.RECONNECTING:
            self.move(_E.GLASSES_LIVE if self.stream.active_at else _E.GLASSES_BEGIN)
        if self.stream.state is StreamState.ACTIVE:
            self._watch.heard()

    def phone_left(self) -> None:
        """The phone is away; its glasses may stream on."""
        if can(self.stream.state, _E.PHONE_LOST):
            self._watch.phone_left()
            if self.stream.state is not StreamState.RECONNECTING:
                self.move(_E.PHONE_LOST)

    def phone_arrived(self) -> None:
        """A phone is here and has to prove that it knows the stream (P-44)."""
        if can(self.stream.state, _E.PHONE_LOST):
            self._watch.phone_is_back()

    def go_on(self) -> None:
        """Take up a stream of the session's last owner; its phone is about to come."""
        state = self.stream.state
        if state is StreamState.STOPPING:
            self._watch.stopping()
        elif state is not StreamState.PREPARING:
            self._watch.phone_left()
            self._set_limit()
        self.place.go_on()

    def close(self) -> None:
        """Stop every timer, without a word to anybody."""
        self._watch.close()
        self.place.close()

    def move(self, event: StreamEvent, why: str = "", *, is_told: bool = True) -> None:
        """Carry out a legal move, and tell and store it; raises IllegalStreamMove."""
        stream, before = self.stream, self.stream.state
        stream.state = next_stream_state(before, event)
        stream.why = why or stream.why
        logger.info(
            "%s: stream %s of %s: %s -> %s (%s%s)",
            self._around.ref.user_id,
            stream.stream_id,
            stream.owner,
            before,
            stream.state,
            event,
            f": {stream.why}" if stream.why else "",
        )
        if stream.state is StreamState.ACTIVE and stream.active_at is None:
            stream.active_at = self._around.clock.now()
            self._set_limit()
        if stream.state is StreamState.STOPPING:
            self._watch.stopping()
        if stream.is_over:
            self.close()
            self.giving_back = self.place.give_back()
            self._on_over()
        if is_told:
            self._around.tell(stream)
        self._around.keep(stream)

    def _give_up(self, event: StreamEvent, why: str) -> None:
        if can(self.stream.state, event):
            if self.stream.state is not StreamState.PREPARING:
                self._send_stop()
            self.move(event, why)

    def _place_ready(self) -> None:
        self.move(_E.PLACE_READY)
        if not self.begin():
            self.fail(f"{ErrorCode.PHONE_DISCONNECTED}: the phone left before the stream began")

    def _told_anew(self) -> None:
        self._around.tell(self.stream)
        self._around.keep(self.stream)

    def _set_limit(self) -> None:
        limit, active_at = self.stream.wish.limit_seconds, self.stream.active_at
        if limit is not None and active_at is not None:
            self._watch.limit_after(limit - (self._around.clock.now() - active_at).total_seconds())

    def _ask(self, ack: str) -> bool:
        old = self._around.uses_old_names()
        return self._around.send(keep_alive_message(self.stream.stream_id, ack, old=old))

    def _send_stop(self) -> None:
        stream, old = self.stream, self._around.uses_old_names()
        message = stop_message(stream.stream_id, app_id_of(stream), self._around.ref.user_id, old=old)
        self.leaves_glasses = not self._around.send(message)
