"""What nobody uses at the media server goes, and nothing else (P-44)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from sessions_app.media_servers.server import MediaServerError
from sessions_app.models import CameraStream, PhoneInput, UserSession
from sessions_app.states import SessionState, StreamKind, StreamState
from sessions_app.streaming import sweeping
from sessions_app.streaming.services import columns_of, record_stream
from sessions_app.streaming.stream import Stream, Wish
from tests.support.media_server import MemoryMediaServer, place
from tests.support.sessions import connect_phone

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> MemoryMediaServer:
    """A media server with five old places and one that was just made."""
    server, now = MemoryMediaServer(), timezone.now()
    server.made_at = {f"in{number}": now - timedelta(hours=1) for number in range(1, 6)}
    server.inputs = dict.fromkeys([*server.made_at, "young"])
    monkeypatch.setattr(sweeping, "media_server", lambda: server)
    return server


def stream(name: str, state: StreamState = StreamState.ACTIVE) -> Stream:
    return Stream(
        stream_id=f"m-{name}",
        kind=StreamKind.MANAGED,
        owner="com.example.cam",
        wish=Wish(),
        started_at=timezone.now(),
        state=state,
        place=place(name),
    )


def keep(user: User, *streams: Stream) -> str:
    ref = connect_phone(user).ref
    for each in streams:
        record_stream(ref=ref, stream_id=each.stream_id, columns=columns_of(each, timezone.now()))
    return ref.session_id


def test_what_no_stream_and_no_phone_has_is_removed(server: MemoryMediaServer) -> None:
    ada, bob = (User.objects.create_user(f"{name}@example.com") for name in ("ada", "bob"))
    keep(ada, stream("in1"), stream("in2", StreamState.STOPPED))
    over = keep(bob, stream("in3"))
    UserSession.objects.filter(pk=over).update(state=SessionState.DISPOSED)
    PhoneInput.objects.create(user=ada, input_id="in4")
    assert sweeping.sweep_inputs(now=timezone.now()) == 3
    assert sorted(server.removed) == ["in2", "in3", "in5"]
    assert CameraStream.objects.get(stream_id="m-in3").ended_at is not None
    assert sweeping.sweep_inputs(now=timezone.now()) == 0


def test_a_media_server_that_is_away_is_swept_later(server: MemoryMediaServer) -> None:
    server.failure = MediaServerError("UNAVAILABLE", "away")
    assert sweeping.sweep_inputs(now=timezone.now()) == 0
    server.failure = None
    assert sweeping.sweep_inputs(now=timezone.now()) == 5


def test_without_a_media_server_there_is_nothing_to_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "media_server", lambda: None)
    assert sweeping.sweep_inputs(now=timezone.now()) == 0
