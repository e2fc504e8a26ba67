"""App servers hear that a session is over although no node is left to tell them."""

import pytest

from sessions_app.app_runs.farewell import send_stop_webhooks
from sessions_app.app_runs.rules import RunEvent
from sessions_app.protocol.webhooks import verify
from sessions_app.states import SessionRef
from tests.support.fake_clock import START
from tests.support.hook_recorder import recording_hooks
from tests.support.personas import ADA, CAPTIONS, NOTES, make_app, make_user
from tests.support.sessions import connect_phone, play

pytestmark = pytest.mark.django_db

E = RunEvent


@pytest.fixture
def ref() -> SessionRef:
    return connect_phone(make_user()).ref


def send(ref: SessionRef) -> list[str]:
    return send_stop_webhooks(session_id=ref.session_id, user_id=ref.user_id, now=START)


def test_every_unfinished_app_gets_a_signed_stop(ref: SessionRef) -> None:
    with recording_hooks() as server:
        captions = make_app(CAPTIONS, url=server.url)
        make_app(NOTES, url=server.url)
        play(ref, E.START, E.ATTACHED, E.SOCKET_LOST)
        play(ref, E.START, E.ATTACHED, E.STOP, E.STOPPED, package_name=NOTES)
        assert send(ref) == []
    assert server.paths == ["/webhook"]
    assert server.bodies == [
        {
            "type": "stop_request",
            "sessionId": f"{ADA}-{CAPTIONS}",
            "userId": ADA,
            "reason": "system_stop",
            "timestamp": "2026-01-02T03:04:05.000Z",
        }
    ]
    stamp = server.headers[0]["X-Mentra-Timestamp"]
    assert verify(
        captions.webhook_secret,
        server.raw[0],
        timestamp=stamp,
        signature=server.headers[0]["X-Mentra-Signature"],
        now=int(stamp),
    )


def test_a_server_that_is_away_or_refuses_does_not_keep_the_others_waiting(ref: SessionRef) -> None:
    with recording_hooks() as good, recording_hooks(status=500) as bad:
        make_app("com.example.good", url=good.url)
        make_app("com.example.bad", url=bad.url)
        make_app("com.example.away", url="http://127.0.0.1:9")
        for name in ("good", "bad", "away"):
            play(ref, E.START, package_name=f"com.example.{name}")
        assert sorted(send(ref)) == ["com.example.away", "com.example.bad"]
    assert len(good.bodies) == len(bad.bodies) == 1


def test_an_app_that_left_the_catalogue_is_passed_over(ref: SessionRef) -> None:
    play(ref, E.START, package_name="com.example.gone")
    assert send(ref) == []
