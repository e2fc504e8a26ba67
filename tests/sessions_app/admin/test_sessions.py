"""What operators see of sessions, and how they end one."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from kombu.exceptions import OperationalError

from sessions_app import tasks
from sessions_app.admin import counting
from sessions_app.admin.timeline import reading
from sessions_app.app_runs.rules import RunEvent
from sessions_app.models import AnalyticsEvent, SessionTransition
from sessions_app.states import SessionRef
from tests.sessions_app.lifecycle.conftest import Outside, outside
from tests.support.audit import last_deed
from tests.support.fake_clock import START
from tests.support.personas import ADA, BOB, CAPTIONS, NOTES, make_app, make_user
from tests.support.queries import statements
from tests.support.sessions import connect_phone, lose_the_phone, play, row_of

__all__ = ["outside"]

pytestmark = pytest.mark.django_db

LIST = "/admin/sessions_app/usersession/"
DISPOSE = f"{LIST}dispose/"


@pytest.fixture
def operator(client: Client) -> Client:
    """A browser in which an operator is logged in."""
    client.force_login(make_user("operator@example.com", staff=True))
    return client


@pytest.fixture
def ref() -> SessionRef:
    ref = connect_phone(make_user(ADA), now=timezone.now() - timedelta(minutes=3)).ref
    play(
        ref, RunEvent.START, RunEvent.ATTACHED, subscriptions=["transcription:en-US", {"stream": "location"}]
    )
    play(ref, RunEvent.START, RunEvent.START_FAILED, package_name=NOTES)
    return ref


def shown(operator: Client, address: str) -> str:
    answer = operator.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_list_shows_state_owner_apps_and_deadline(operator: Client, ref: SessionRef) -> None:
    lose_the_phone(ref, now=START)
    page = shown(operator, LIST)
    for text in (ADA, "DISCONNECTED", "node-1", CAPTIONS, "running", "2026-01-02 03:09:05"):
        assert text in page, text
    assert NOTES not in page, "stopped apps would only fill the list"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=ada", True),
        ("?q=captions", False),
        (f"?q={CAPTIONS}", True),
        (f"?app={CAPTIONS}", True),
        (f"?app={NOTES}", False),
        (f"?email={ADA.upper()}", True),
        (f"?email={BOB}", False),
        ("?q=node-1", True),
        ("?q=zzz", False),
        ("?state__exact=ACTIVE", True),
        ("?state__exact=DISPOSED", False),
        ("?owner=node-1", True),
        ("?owner=node-2", False),
    ],
)
def test_sessions_are_searched_and_filtered(
    operator: Client, ref: SessionRef, query: str, found: bool
) -> None:
    assert (ref.session_id in shown(operator, LIST + query)) == found


def test_a_part_of_the_name_of_a_registered_app_is_enough(operator: Client, ref: SessionRef) -> None:
    make_app(CAPTIONS)
    assert ref.session_id in shown(operator, f"{LIST}?q=captions")


def test_the_counts_stand_above_and_stop_somewhere(
    operator: Client, ref: SessionRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "MOST_COUNTED", 2)
    for name in ("a", "b", "c"):
        over = connect_phone(make_user(f"{name}@example.com")).ref
        tasks.dispose_session(over.session_id, "manual")
    monkeypatch.setattr(counting, "count_sessions_by_state", lambda: {"ACTIVE": 1})
    page = shown(operator, LIST)
    assert re.search(r"state-active.>ACTIVE</span> <b>1</b>", page)
    assert re.search(r"state-disposed.>DISPOSED</span> <b>2\+</b>", page)


def test_a_refresh_brings_only_rows_and_counts(operator: Client, ref: SessionRef) -> None:
    page = shown(operator, f"{LIST}?q=ada")
    assert f'hx-get="{LIST}?q=ada"' in page
    answer = operator.get(f"{LIST}?q=ada", headers={"HX-Request": "true"})
    part = answer.content.decode()
    assert ref.session_id in part
    assert 'id="live-counts"' in part
    assert "<html" not in part


def test_a_session_is_searched_by_its_id(operator: Client, ref: SessionRef) -> None:
    assert ADA in shown(operator, f"{LIST}?q={ref.session_id}")


def test_the_list_takes_the_same_number_of_queries_however_long_it_is(
    operator: Client, ref: SessionRef
) -> None:
    with statements() as one:
        operator.get(LIST)
    for number in range(5):
        play(connect_phone(make_user(f"{number}@example.com")).ref, RunEvent.START)
    with statements() as six:
        operator.get(LIST)
    assert len(six) == len(one)


def causes_on(page: str) -> list[str]:
    """Return the causes in the history on a session's page, in the order shown."""
    return re.findall(r'class="field-cause">(\w+)<', page)


def test_a_session_shows_its_apps_and_its_history_newest_first(operator: Client, ref: SessionRef) -> None:
    lose_the_phone(ref)
    page = shown(operator, f"{LIST}{ref.session_id}/change/")
    for text in (CAPTIONS, NOTES, "transcription:en-US", "start_failed", "phone_lost", "1006", "node-1"):
        assert text in page, text
    assert causes_on(page) == [
        "phone_lost",
        "start_failed",
        "start",
        "attached",
        "start",
        "opened",
        "phone_connected",
    ]


def test_a_long_timeline_shows_its_newest_part(
    operator: Client, ref: SessionRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST_MOVES", 3)
    SessionTransition.objects.create(session_id=ref.session_id, to_state="ACTIVE", cause="last")
    page = shown(operator, f"{LIST}{ref.session_id}/change/")
    assert causes_on(page) == ["last", "start_failed", "start"]
    assert "Only the newest of this time" in page


def test_nothing_can_be_written_by_hand(operator: Client, ref: SessionRef) -> None:
    change = f"{LIST}{ref.session_id}/change/"
    assert operator.get(f"{LIST}add/").status_code == 403
    assert operator.post(change, {"state": "DISPOSED"}).status_code == 403
    assert operator.post(f"{LIST}{ref.session_id}/delete/", {"post": "yes"}).status_code == 403
    assert row_of(ref).state == "ACTIVE"


def test_the_button_asks_first_and_then_disposes(operator: Client, ref: SessionRef, outside: Outside) -> None:
    link = f"{DISPOSE}?session={ref.session_id.replace('-', '')}"
    assert link in shown(operator, f"{LIST}{ref.session_id}/change/")
    question = shown(operator, link)
    assert ADA in question
    assert "Dispose 1 session" in question
    assert row_of(ref).state == "ACTIVE"
    answer = operator.post(DISPOSE, {"session": [ref.session_id], "reason": "lost phone"}, follow=True)
    assert "Sessions being disposed: 1." in answer.content.decode()
    row = row_of(ref)
    assert (row.state, row.dispose_reason) == ("DISPOSED", "operator operator@example.com: lost phone")
    assert outside.calls == ["owner", "snapshot"]
    entry = last_deed()
    assert (entry.action, entry.actor_label) == ("session.disposed", "operator@example.com")
    assert entry.after == {"state": "DISPOSING", "user": ADA, "reason": "lost phone"}
    assert link not in shown(operator, f"{LIST}{ref.session_id}/change/")


def test_the_action_asks_for_all_chosen_sessions_that_are_live(
    operator: Client, ref: SessionRef, outside: Outside
) -> None:
    other = connect_phone(make_user(BOB)).ref
    over = connect_phone(make_user("over@example.com")).ref
    tasks.dispose_session(over.session_id, "manual")
    chosen = [one.session_id for one in (ref, other, over)]
    answer = operator.post(LIST, {"action": "dispose", "_selected_action": chosen})
    question = answer.content.decode()
    assert "Dispose 2 sessions" in question
    assert re.findall(r'name="session" value="([^"]+)"', question) != []
    operator.post(DISPOSE, {"session": chosen})
    assert row_of(ref).state == row_of(other).state == "DISPOSED"
    assert row_of(over).dispose_reason == "manual"


@pytest.mark.parametrize("named", ["", "?session=nonsense", "?session=00000000-0000-4000-8000-000000000000"])
def test_there_may_be_nothing_to_dispose(operator: Client, named: str) -> None:
    assert "None of these sessions is live any more." in shown(operator, DISPOSE + named)


def test_with_no_worker_the_session_is_condemned_and_the_operator_told(
    operator: Client, ref: SessionRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise OperationalError("refused")

    monkeypatch.setattr(tasks.dispose_session, "apply_async", away)
    answer = operator.post(DISPOSE, {"session": [ref.session_id]}, follow=True)
    assert "No worker can be reached" in answer.content.decode()
    assert row_of(ref).state == "DISPOSING"


def test_an_operator_who_may_only_look_cannot_dispose(client: Client, ref: SessionRef) -> None:
    from django.contrib.auth.models import Permission

    viewer = make_user("viewer@example.com")
    viewer.is_staff = True
    viewer.save()
    viewer.user_permissions.add(Permission.objects.get(codename="view_usersession"))
    client.force_login(viewer)
    page = shown(client, f"{LIST}{ref.session_id}/change/")
    assert DISPOSE not in page
    assert client.get(f"{DISPOSE}?session={ref.session_id}").status_code == 403
    assert client.post(DISPOSE, {"session": [ref.session_id]}).status_code == 403
    assert row_of(ref).state == "ACTIVE"


def test_strangers_are_sent_to_the_log_in(client: Client) -> None:
    assert client.get(DISPOSE).status_code == 302


def test_analytics_events_are_listed_and_read_only(operator: Client) -> None:
    event = AnalyticsEvent.objects.create(
        name="disconnected", user_id=ADA, session_id="s-1", properties={"duration": 1234, "x": "<b>"}
    )
    pages = "/admin/sessions_app/analyticsevent/"
    for page in (pages, f"{pages}?q=ada", f"{pages}?name=disconnected", f"{pages}{event.pk}/change/"):
        text = shown(operator, page)
        assert ADA in text
        assert "1234" in text
        assert "<b><b>" not in text, "properties are escaped"
    assert operator.get(f"{pages}add/").status_code == 403
