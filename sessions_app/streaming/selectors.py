"""Reads of the rows of camera streams. Everything blocks."""

from collections.abc import Iterable

from sessions_app.models import CameraStream
from sessions_app.states import LIVE_SESSION_STATES


def find_stream_under_way(stream_id: str) -> CameraStream | None:
    """Return the stream of this id that runs, with its session."""
    if "\0" in stream_id:  # which PostgreSQL refuses to look for
        return None
    rows = CameraStream.objects.filter(
        stream_id=stream_id, ended_at=None, session__state__in=LIVE_SESSION_STATES
    )
    return rows.select_related("session").first()


def list_inputs_in_use(input_ids: Iterable[str]) -> frozenset[str]:
    """Return those places at the media server that a stream under way has."""
    rows = CameraStream.objects.filter(input_id__in=list(input_ids), ended_at=None)
    return frozenset(rows.values_list("input_id", flat=True))
