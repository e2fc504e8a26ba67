"""Writes the rows of camera streams. Everything blocks."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from sessions_app.models import CameraStream
from sessions_app.selectors import require_ownership
from sessions_app.states import LIVE_SESSION_STATES, SessionRef, StreamState
from sessions_app.streaming.addresses import place_of
from sessions_app.streaming.stream import Stream

LOST = "Its node was lost and no other one knew of it"
SESSION_ENDED = "The session ended"


def columns_of(stream: Stream, now: datetime) -> dict[str, Any]:
    """Return a stream as its row holds it; nothing in it is a key."""
    return {
        "kind": stream.kind,
        "owner": stream.owner,
        "viewers": list(stream.viewers),
        "state": stream.state,
        "why": stream.why[:300],
        "goes_to": place_of(stream.push_url)[:300],
        "input_id": stream.place.input_id if stream.place else "",
        "watched_at": stream.place.hls_url[:1000] if stream.place else "",
        "started_at": stream.started_at,
        "active_at": stream.active_at,
        "ended_at": now if stream.is_over else None,
    }


def record_stream(*, ref: SessionRef, stream_id: str, columns: dict[str, Any]) -> None:
    """Store a stream as it is now; raises OwnershipLost when the session is not ours any more."""
    with transaction.atomic():
        require_ownership(ref)
        CameraStream.objects.update_or_create(
            session_id=UUID(ref.session_id), stream_id=stream_id, defaults=columns
        )


def end_lost_streams(*, ref: SessionRef, kept: str, now: datetime) -> None:
    """End the rows of streams that a session's new owner knows nothing of; `kept` is the one it goes on with."""
    with transaction.atomic():
        require_ownership(ref)
        under_way = CameraStream.objects.filter(session__pk=ref.session_id, ended_at=None)
        under_way.exclude(stream_id=kept).update(state=StreamState.STOPPED, why=LOST, ended_at=now)


def end_streams_of_ended_sessions(*, now: datetime) -> int:
    """End the rows of streams whose session ended without an owner to do so; return how many."""
    under_way = CameraStream.objects.filter(ended_at=None)
    without = under_way.exclude(session__state__in=LIVE_SESSION_STATES)
    return without.update(state=StreamState.STOPPED, why=SESSION_ENDED, ended_at=now)
