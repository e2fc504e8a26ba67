"""The camera of a session among its other parts, and its takeover from another owner."""

from collections.abc import Callable
from typing import Any

from sessions_app.app_runs.seat import Spawn
from sessions_app.clock import Clock
from sessions_app.lifecycle.reconciling import remember
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.lifecycle.streams_told import tell_stream
from sessions_app.media_servers.choosing import media_server
from sessions_app.outbound.phone import PhoneSeat
from sessions_app.states import SessionRef
from sessions_app.streaming.around import Around
from sessions_app.streaming.services import columns_of, end_lost_streams, record_stream
from sessions_app.streaming.stream import Stream


def surroundings(
    runtime: Callable[[], SessionRuntime], ref: SessionRef, clock: Clock, phone: PhoneSeat, spawn: Spawn
) -> Around:
    """Return what a session's camera touches; the runtime exists when any of it is used."""
    return Around(
        ref=ref,
        clock=clock,
        send=phone.send,
        uses_old_names=lambda: runtime().data.uses_old_names,
        ways=lambda: _ways(runtime().data.capabilities),
        tell=lambda stream, stats=None: tell_stream(runtime(), stream, stats),
        keep=lambda stream: _keep(runtime(), stream),
        spawn=spawn,
        media_server=media_server,
    )


def go_on_filming(runtime: SessionRuntime, kept: dict[str, Any]) -> None:
    """Take up the stream of the last owner, and end the rows of those it left nothing of."""
    runtime.camera.restore(kept)
    stream = runtime.camera.stream
    runtime.upkeep.journal.write(
        end_lost_streams,
        ref=runtime.ref,
        kept="" if stream is None else stream.stream_id,
        now=runtime.upkeep.clock.now(),
    )


def _keep(runtime: SessionRuntime, stream: Stream) -> None:
    remember(runtime)
    runtime.upkeep.journal.write_newest(
        ("camera stream", stream.stream_id),
        record_stream,
        ref=runtime.ref,
        stream_id=stream.stream_id,
        columns=columns_of(stream, runtime.upkeep.clock.now()),
    )


def _ways(capabilities: dict[str, Any] | None) -> list[str] | None:
    """Return the kinds of live video that the profile of the glasses names."""
    camera = (capabilities or {}).get("camera") or {}
    ways: list[str] | None = (camera.get("video") or {}).get("supportedStreamTypes")
    return ways
