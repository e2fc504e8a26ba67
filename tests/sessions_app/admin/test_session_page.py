"""The page of one session: its timeline, the part that renews itself, the stop of an app."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from sessions_app import operating
from sessions_app.app_runs.rules import RunEvent
from sessions_app.errors import OwnerUnreachable, SessionAbsent
from sessions_app.models import SessionTransition
from sessions_app.outbound.commands import DONE, Reply, StopApp
from sessions_app.protocol.codes import StopReason
from sessions_app.states import SessionRef, StreamKind, StreamState
from sessions_app.streaming.services import columns_of, record_stream
from sessions_app.streaming.stream import Stream, Wish
from sessions_app.tasks import dispose_session
from tests.support.audit import deeds, last_deed
from tests.support.media_server import place
from tests.support.personas import ADA, CAPTIONS, DORA, make_user
from tests.support.queries import statements
from tests.support.sessions import connect_phone, lose_the_phone, play

pytestmark = pytest.mark.django_db
LIST = "/admin/sessions_app/usersession/"


@pytest.fixture
def operator(client: Client) -> Client:
    """A browser in which an operator is logged in."""
    client.force_login(make_user("operator@example.com", staff=True))
    return client


@pytest.fixture
def ref() -> SessionRef:
    """A session of an hour, with an app, whose phone went and came to another node."""
    began = timezone.now() - timedelta(hours=1)
    ada = make_user(ADA)
    ref = connect_phone(ada, now=began).ref
    play(ref, RunEvent.START, RunEvent.ATTACHED, now=began + timedelta(minutes=1))
    lose_the_phone(ref, now=began + timedelta(minutes=20))
    return connect_phone(ada, node_id="node-2", now=began + timedelta(minutes=22)).ref


def shown(operator: Client, ref: SessionRef, path: str = "change/") -> str:
    answer = operator.get(f"{LIST}{ref.session_id}/{path}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_timeline_tells_reconnects_takeovers_and_apps(operator: Client, ref: SessionRef) -> None:
    page = shown(operator, ref)
    for part in ("tl-loss", "tl-back", "taken over by node-2 from node-1", "state-running", "20 min"):
        assert part in page, part


def test_a_part_shows_what_began_before_it(operator: Client, ref: SessionRef) -> None:
    page = shown(operator, ref, "change/?last=600")
    assert "Nothing happened in this time" in page
    assert '<a id="span-1-' in page
    assert "node: node-2" in page
    assert "tl-loss" not in page.split("tl-legend")[0]


def test_a_live_session_renews_itself_and_an_ended_one_does_not(operator: Client, ref: SessionRef) -> None:
    assert f"{LIST}{ref.session_id}/now/?last=600" in shown(operator, ref, "change/?last=600")
    part = shown(operator, ref, "now/?last=600")
    assert "<html" not in part
    assert CAPTIONS in part
    dispose_session(ref.session_id, "manual")
    assert "hx-get" not in shown(operator, ref).split('id="session-now"')[1].split(">")[0]


def test_a_longer_history_takes_no_more_queries(operator: Client, ref: SessionRef) -> None:
    with statements() as short:
        shown(operator, ref, "now/")
    SessionTransition.objects.bulk_create(
        SessionTransition(
            session_id=ref.session_id, package_name=f"com.example.a{number}", to_state="running"
        )
        for number in range(20)
    )
    with statements() as long:
        shown(operator, ref, "now/")
    assert len(long) == len(short)


@pytest.mark.parametrize("path", ["change/", "now/", "stop-app/?app=" + CAPTIONS])
def test_others_see_nothing_of_it(client: Client, ref: SessionRef, path: str) -> None:
    client.force_login(make_user(DORA))
    assert client.get(f"{LIST}{ref.session_id}/{path}", follow=True).status_code == 403


@pytest.mark.parametrize("key", ["00000000-0000-4000-8000-000000000000", "nonsense"])
def test_there_may_be_no_such_session(operator: Client, key: str) -> None:
    assert operator.get(f"{LIST}{key}/change/").status_code == 404


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (DONE, "stopped"),
        (Reply(ok=False, code="NOT_RUNNING", message="The app does not run"), "NOT_RUNNING"),
        (SessionAbsent("none"), "NO_ACTIVE_SESSION"),
        (OwnerUnreachable("No answer"), "OWNER_UNREACHABLE"),
    ],
)
def test_an_app_is_stopped_by_the_owner_whose_answer_is_shown(
    operator: Client,
    ref: SessionRef,
    monkeypatch: pytest.MonkeyPatch,
    answer: Reply | Exception,
    said: str,
) -> None:
    asked = []

    def owner(session_id: str, command: object) -> Reply:
        asked.append((session_id, command))
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(operating, "ask_from_outside", owner)
    stop = f"{LIST}{ref.session_id}/stop-app/"
    assert f"{stop}?app={CAPTIONS}" in shown(operator, ref)
    assert "Stop the app" in operator.get(f"{stop}?app={CAPTIONS}").content.decode()
    assert asked == []
    page = operator.post(stop, {"app": CAPTIONS}, follow=True).content.decode()
    assert said in page
    assert asked == [(ref.session_id, StopApp(CAPTIONS, StopReason.SYSTEM_STOP))]
    assert last_deed().action == "session.app_stopped"
    assert last_deed().after == {"app": CAPTIONS, "user": ADA, "outcome": said}


def test_an_app_that_was_never_there_cannot_be_stopped(operator: Client, ref: SessionRef) -> None:
    assert operator.post(f"{LIST}{ref.session_id}/stop-app/", {"app": "com.example.other"}).status_code == 404
    assert "session.app_stopped" not in deeds()


def test_who_may_only_look_cannot_stop(client: Client, ref: SessionRef) -> None:
    from django.contrib.auth.models import Permission

    viewer = make_user("viewer@example.com")
    viewer.is_staff = True
    viewer.save()
    viewer.user_permissions.add(Permission.objects.get(codename="view_usersession"))
    client.force_login(viewer)
    assert "/stop-app/" not in shown(client, ref)
    assert client.post(f"{LIST}{ref.session_id}/stop-app/", {"app": CAPTIONS}).status_code == 403


def test_streams_are_shown_with_who_asked_and_who_watches(operator: Client, ref: SessionRef) -> None:
    assert "Camera streams" not in shown(operator, ref)
    stream = Stream(
        stream_id="m1",
        kind=StreamKind.MANAGED,
        owner=CAPTIONS,
        wish=Wish(),
        started_at=timezone.now(),
        state=StreamState.ACTIVE,
        push_url="rtmp://media.example/live/secret",
        viewers=[CAPTIONS, "com.example.wall"],
        place=place("in1"),
    )
    record_stream(ref=ref, stream_id="m1", columns=columns_of(stream, timezone.now()))
    page = shown(operator, ref)
    for part in ("Camera streams", "state-active", "com.example.wall", "rtmp://media.example", "hls.m3u8"):
        assert part in page, part
    assert "secret" not in page
    stream.state, stream.why = StreamState.TIMEOUT, "the glasses do not answer"
    record_stream(ref=ref, stream_id="m1", columns=columns_of(stream, timezone.now()))
    page = shown(operator, ref, "now/")
    assert "the glasses do not answer" in page
    assert "hls.m3u8" not in page
