"""The rows of camera streams: a step behind their owner, fenced by it, ended when nobody else does."""

import pytest

from accounts.models import User
from sessions_app.errors import OwnershipLost
from sessions_app.models import CameraStream, UserSession
from sessions_app.states import SessionRef, SessionState, StreamKind, StreamState
from sessions_app.streaming.selectors import find_stream_under_way, list_inputs_in_use
from sessions_app.streaming.services import (
    LOST,
    SESSION_ENDED,
    columns_of,
    end_lost_streams,
    end_streams_of_ended_sessions,
    record_stream,
)
from sessions_app.streaming.stream import Stream, Wish
from tests.support.fake_clock import START
from tests.support.media_server import place
from tests.support.sessions import connect_phone

pytestmark = pytest.mark.django_db


@pytest.fixture
def ref() -> SessionRef:
    return connect_phone(User.objects.create_user("ada@example.com")).ref


def managed(stream_id: str = "m1") -> Stream:
    return Stream(
        stream_id=stream_id,
        kind=StreamKind.MANAGED,
        owner="com.example.cam",
        wish=Wish(),
        started_at=START,
        state=StreamState.ACTIVE,
        push_url="rtmp://media.example/live/secret",
        viewers=["com.example.cam"],
        place=place("in1"),
    )


def store(ref: SessionRef, stream: Stream) -> CameraStream:
    record_stream(ref=ref, stream_id=stream.stream_id, columns=columns_of(stream, START))
    return CameraStream.objects.get(stream_id=stream.stream_id)


def test_a_stream_is_one_row_that_follows_it_and_holds_no_key(ref: SessionRef) -> None:
    stream = managed()
    row = store(ref, stream)
    assert (row.state, row.ended_at, row.input_id) == ("active", None, "in1")
    assert (row.goes_to, row.watched_at) == ("rtmp://media.example", "https://media.example/in1/hls.m3u8")
    assert find_stream_under_way("m1") == row
    assert list_inputs_in_use(["in1", "in2"]) == {"in1"}
    stream.state, stream.why = StreamState.ERROR, "x" * 400
    row = store(ref, stream)
    assert (row.state, row.ended_at, len(row.why)) == ("error", START, 300)
    assert find_stream_under_way("m1") is None
    assert not list_inputs_in_use(["in1"])
    assert "secret" not in str(CameraStream.objects.values())


def test_an_owner_that_was_replaced_stores_nothing(ref: SessionRef) -> None:
    late = SessionRef(ref.session_id, ref.user_id, ref.user_pk, ref.generation - 1)
    with pytest.raises(OwnershipLost):
        store(late, managed())


def test_a_new_owner_ends_what_it_knows_nothing_of(ref: SessionRef) -> None:
    store(ref, managed("m1"))
    store(ref, managed("m2"))
    end_lost_streams(ref=ref, kept="m2", now=START)
    lost = CameraStream.objects.get(stream_id="m1")
    assert (lost.state, lost.why, lost.ended_at) == ("stopped", LOST, START)
    assert find_stream_under_way("m2") is not None


def test_streams_end_with_a_session_that_had_no_owner_left(ref: SessionRef) -> None:
    row = store(ref, managed())
    assert end_streams_of_ended_sessions(now=START) == 0
    UserSession.objects.filter(pk=ref.session_id).update(state=SessionState.DISPOSED)
    assert find_stream_under_way("m1") is None
    assert end_streams_of_ended_sessions(now=START) == 1
    row.refresh_from_db()
    assert (row.state, row.why) == ("stopped", SESSION_ENDED)
