"""Telling apps, and the phone where it asked itself, how the camera stream of a session stands (media.md §5, §6.3).

An app hears of each change once (P-46) and again on each new socket (P-47).
"""

from sessions_app.app_runs.seat import AppSeat
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.outbound.push import to_app
from sessions_app.protocol.codec import encode, iso
from sessions_app.protocol.fragments import StreamStats
from sessions_app.protocol.permissions import PermissionType
from sessions_app.protocol.streams import StreamName
from sessions_app.states import StreamKind
from sessions_app.streaming.rules import PHONE
from sessions_app.streaming.stream import Stream
from sessions_app.streaming.wire import phone_status_message, status_message

_FOLLOWED = frozenset({StreamName.STREAM_STATUS, StreamName.RTMP_STREAM_STATUS, StreamName.ALL})
_HELD_AS = "camera stream"


def tell_stream(runtime: SessionRuntime, stream: Stream, stats: StreamStats | None = None) -> None:
    """Tell everybody concerned how a stream stands, unless they know; statistics are told in any case."""
    for name in _concerned(runtime, stream):
        if stats is not None or stream.told.get(name) != _gist(stream):
            _tell(runtime, name, stream, stats)


def greet(runtime: SessionRuntime, seat: AppSeat, *, knows: bool) -> None:
    """Tell an app on its new socket how its stream stands (app-socket §3.3).

    `knows`: it has not noticed that its socket leads to another owner, and hears only what is new to it.
    """
    stream = runtime.camera.stream
    if stream is None or not stream.concerns(seat.package_name):
        return
    if not knows or stream.told.get(seat.package_name) != _gist(stream):
        _tell(runtime, seat.package_name, stream)


def _concerned(runtime: SessionRuntime, stream: Stream) -> list[str]:
    """Return who is told: whoever watches a managed stream, owner and followers of a direct one."""
    if stream.kind is StreamKind.MANAGED:
        return list(stream.viewers)
    followers = (seat.package_name for seat in runtime.apps if _follows(seat))
    return list(dict.fromkeys((stream.owner, *followers)))


def _follows(seat: AppSeat) -> bool:
    may = PermissionType.CAMERA in seat.facts.permissions
    return may and any(key.stream in _FOLLOWED for key in seat.keys)


def _gist(stream: Stream) -> str:
    return f"{stream.status} {stream.why}"


def _tell(
    runtime: SessionRuntime, package_name: str, stream: Stream, stats: StreamStats | None = None
) -> None:
    if package_name == PHONE:
        was_told = runtime.phone.send(phone_status_message(stream, PHONE, stats))
    else:
        seat = runtime.apps.find(package_name)
        was_told = seat is not None and _tell_app(runtime, seat, stream, stats)
    if was_told:
        stream.told[package_name] = _gist(stream)


def _tell_app(runtime: SessionRuntime, seat: AppSeat, stream: Stream, stats: StreamStats | None) -> bool:
    message = status_message(
        stream,
        seat.package_name,
        seat.family,
        session_id=seat.app_session_id,
        now=iso(runtime.upkeep.clock.now()),
        stats=stats,
    )
    if to_app(seat.link, seat.family, message):
        return True
    # Of what an app misses only the end is kept: how a live stream stands it is told on its next socket.
    if seat.is_expected and stream.is_over:
        seat.held.add(encode(message), replaces=f"{_HELD_AS} {stream.stream_id}")
    return False
