"""The place of a managed stream at the media server: asked for, looked at, given back (media.md §6.1, §6.3)."""

import asyncio
import contextlib
import logging
from collections.abc import Callable

from sessions_app.clock import Timer
from sessions_app.media_servers.server import LiveInput, MediaServer, MediaServerError
from sessions_app.protocol.codes import ErrorCode
from sessions_app.states import StreamState
from sessions_app.streaming.addresses import Ingest, ingest_order
from sessions_app.streaming.around import Around
from sessions_app.streaming.rules import (
    ACTIVE_WITHIN_SECONDS,
    POLL_SECONDS,
    POLLED_SECONDS,
)
from sessions_app.streaming.sending_on import OutputRefused, send_on
from sessions_app.streaming.stream import Stream

logger = logging.getLogger(__name__)

PROVISION_SECONDS = 12.0
CALL_SECONDS = 5.0
NO_SERVER = f"{ErrorCode.STREAM_CREATE_FAILED}: this cloud has no media server any more"
NO_VIDEO = f"{ErrorCode.TIMEOUT}: no video reached the media server within a minute; last hop: glasses"


class Place:
    """What the media server holds for one stream. Nothing of it ever happens for a direct one.

    `on_ready`: the glasses may be told where to push; `on_watchable`: apps may be told where to watch; `on_failure`
    says why neither will be.
    """

    def __init__(
        self,
        around: Around,
        stream: Stream,
        *,
        on_ready: Callable[[], None],
        on_watchable: Callable[[], None],
        on_failure: Callable[[str], None],
    ) -> None:
        self._around = around
        self._stream = stream
        self._on_ready = on_ready
        self._on_watchable = on_watchable
        self._on_failure = on_failure
        self._watched_at_last: Timer | None = None
        self._next_look: Timer | None = None
        self._closed = asyncio.Event()

    def prepare(self) -> None:
        """Ask the media server for a place."""
        server = self._around.media_server()
        if server is None:
            self._on_failure(NO_SERVER)
        else:
            self._around.spawn(self._prepare(server))

    def go_on(self) -> None:
        """Take up the work of the session's last owner."""
        if self._stream.state is StreamState.PREPARING:
            self.prepare()
        elif self._stream.place is not None and not self._stream.may_be_watched:
            self._await_playback(self._around.media_server())

    def close(self) -> None:
        """Look no more."""
        self._closed.set()
        for timer in (self._watched_at_last, self._next_look):
            if timer is not None:
                timer.cancel()

    def give_back(self) -> asyncio.Task[None] | None:
        """Have the media server forget the place, and return the task of it; the sweep does it where that fails."""
        place, server = self._stream.place, self._around.media_server()
        if place is None or server is None:
            return None
        return self._around.spawn(_remove(server, place.input_id))

    async def _prepare(self, server: MediaServer) -> None:
        stream = self._stream
        owner = f"{self._around.ref.session_id}/{stream.stream_id}"
        try:
            async with asyncio.timeout(PROVISION_SECONDS):
                place = await server.provision(owner)
        except (MediaServerError, TimeoutError) as problem:
            why = str(problem) or "the media server did not answer"
            if not self._closed.is_set():
                self._on_failure(f"{ErrorCode.STREAM_CREATE_FAILED}: {why}; last hop: cloud")
            return
        if self._closed.is_set():
            await _remove(server, place.input_id)
            return
        stream.place, stream.push_url = place, self._push_url(place)
        self._on_ready()
        if not self._closed.is_set():
            self._await_playback(server)
            self._around.spawn(_send_on_wished(self._around, stream, server))

    def _push_url(self, place: LiveInput) -> str:
        """Return the address the glasses push to: the best way that server and glasses both know."""
        addresses = {Ingest.WHIP: place.whip_url, Ingest.SRT: place.srt_url, Ingest.RTMP: place.rtmp_url}
        destinations = [url for url, _ in self._stream.wish.destinations]
        order = ingest_order(destinations, self._around.ways(), is_old_phone=self._around.uses_old_names())
        return next((url for way in order if (url := addresses[way])), place.rtmp_url)

    def _await_playback(self, server: MediaServer | None) -> None:
        clock, left = self._around.clock, ACTIVE_WITHIN_SECONDS - self._age
        self._watched_at_last = clock.call_later(max(0.0, left), self._be_watched)
        if server is not None:
            self._look_later(server)

    @property
    def _age(self) -> float:
        return (self._around.clock.now() - self._stream.started_at).total_seconds()

    def _be_watched(self) -> None:
        if not self._stream.may_be_watched and not self._closed.is_set():
            self._stream.may_be_watched = True
            self._on_watchable()

    def _look_later(self, server: MediaServer) -> None:
        def look() -> None:
            self._around.spawn(self._look(server))

        self._next_look = self._around.clock.call_later(POLL_SECONDS, look)

    async def _look(self, server: MediaServer) -> None:
        """See whether the video can be watched yet, and look again if not."""
        place = self._stream.place
        if place is None or self._closed.is_set():
            return
        try:
            async with asyncio.timeout(CALL_SECONDS):
                state = await server.state(place.input_id)
        except (MediaServerError, TimeoutError) as problem:
            logger.info("%s: the state of a live input is unknown: %s", self._around.ref.user_id, problem)
            state = None
        if self._closed.is_set():
            return
        if state is not None and state.is_playable:
            self._be_watched()
        elif self._age < POLLED_SECONDS:
            self._look_later(server)
        elif state is not None and not state.is_connected:
            self._on_failure(NO_VIDEO)


async def _send_on_wished(around: Around, stream: Stream, server: MediaServer) -> None:
    for url, name in stream.wish.destinations:
        with contextlib.suppress(OutputRefused):
            await send_on(stream, server, stream.owner, url, name)
    around.keep(stream)


async def _remove(server: MediaServer, input_id: str) -> None:
    try:
        async with asyncio.timeout(CALL_SECONDS):
            await server.remove(input_id)
    except (MediaServerError, TimeoutError) as problem:
        logger.warning("A live input is left to the sweep: %s", problem)
