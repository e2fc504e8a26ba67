"""Apps that cannot come back leave the user's list, and the history says why (P-16)."""

from datetime import datetime, timedelta

import pytest

from apps_registry.models import Installation
from apps_registry.selectors import list_running_packages
from apps_registry.services import mark_running
from sessions_app.app_runs.rules import RunEvent
from sessions_app.app_runs.services import note_failed_restore, retire_app
from sessions_app.errors import OwnershipLost
from sessions_app.models import AppRun
from sessions_app.states import SessionRef
from tests.support.fake_clock import START
from tests.support.personas import ADA, BOB, CAPTIONS, NOTES, make_app, make_installation, make_user
from tests.support.sessions import connect_phone, history, last_detail, play

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
WHY = "WEBHOOK: http://127.0.0.1:7010/webhook: HTTP 502"


@pytest.fixture
def ref() -> SessionRef:
    """Ada's session; Captions and Notes ran in her last one, Captions also in Bob's."""
    ada = make_user(ADA)
    captions = make_app(CAPTIONS).app
    make_installation(ada, captions, running=True)
    make_installation(make_user(BOB), captions, running=True)
    make_installation(ada, make_app(NOTES).app, running=True)
    return connect_phone(ada).ref


def fail(ref: SessionRef, now: datetime) -> None:
    """Start Captions in vain, as restoring it does."""
    play(ref, RunEvent.START, RunEvent.START_FAILED, now=now)
    note_failed_restore(ref=ref, package_name=CAPTIONS, why=WHY, now=now)


def test_three_days_of_failures_retire_an_app(ref: SessionRef) -> None:
    for day in range(2):
        fail(ref, START + day * DAY)
        assert CAPTIONS in list_running_packages(ref.user_pk)
    fail(ref, START + 2 * DAY)
    assert list_running_packages(ref.user_pk) == [NOTES]
    assert list_running_packages(make_user(BOB)) == [CAPTIONS]
    assert last_detail(ref) == f"not started on 3 days; {WHY}"
    assert AppRun.objects.get(package_name=CAPTIONS).stop_reason == "retired"


def test_many_failures_on_one_day_count_once(ref: SessionRef) -> None:
    for minute in range(20):
        fail(ref, START + timedelta(minutes=minute))
    assert CAPTIONS in list_running_packages(ref.user_pk)
    assert Installation.objects.get(user=ref.user_pk, app__package_name=CAPTIONS).failed_days == 1


def test_a_success_between_them_forgets_the_failures(ref: SessionRef) -> None:
    fail(ref, START)
    fail(ref, START + DAY)
    mark_running(ref.user_pk, CAPTIONS, True)
    fail(ref, START + 2 * DAY)
    assert CAPTIONS in list_running_packages(ref.user_pk)


def test_a_retired_app_that_was_started_again_has_three_days_anew(ref: SessionRef) -> None:
    for day in range(3):
        fail(ref, START + day * DAY)
    mark_running(ref.user_pk, CAPTIONS, True)
    fail(ref, START + 3 * DAY)
    assert CAPTIONS in list_running_packages(ref.user_pk)


def test_an_app_the_user_stopped_meanwhile_is_not_counted(ref: SessionRef) -> None:
    mark_running(ref.user_pk, CAPTIONS, False)
    for day in range(3):
        fail(ref, START + day * DAY)
    assert Installation.objects.get(user=ref.user_pk, app__package_name=CAPTIONS).failed_days == 0
    assert "retired" not in {move.cause for move in AppRun.objects.get().session.transitions.all()}


def test_an_app_that_may_not_run_leaves_the_list_at_once(ref: SessionRef) -> None:
    why = "DEPRECATED: Captions is no longer available"
    retire_app(ref=ref, package_name=CAPTIONS, why=why, now=START)
    assert list_running_packages(ref.user_pk) == [NOTES]
    assert history(ref, CAPTIONS) == ["stopped"]
    assert last_detail(ref) == why


def test_a_replaced_owner_retires_nothing(ref: SessionRef) -> None:
    stale = SessionRef(ref.session_id, ref.user_id, ref.user_pk, ref.generation)
    connect_phone(make_user(ADA), node_id="node-2")
    with pytest.raises(OwnershipLost):
        retire_app(ref=stale, package_name=CAPTIONS, why=WHY, now=START)
    with pytest.raises(OwnershipLost):
        note_failed_restore(ref=stale, package_name=CAPTIONS, why=WHY, now=START)
    assert set(list_running_packages(ref.user_pk)) == {CAPTIONS, NOTES}
    assert not Installation.objects.exclude(failed_days=0).exists()
