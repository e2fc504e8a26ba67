"""Old history goes, everything that still matters stays."""

from datetime import timedelta

import pytest

from sessions_app.app_runs.rules import RunEvent
from sessions_app.lifecycle import retention
from sessions_app.lifecycle.condemning import condemn, finish
from sessions_app.lifecycle.retention import forget_history
from sessions_app.models import AnalyticsEvent, AppRun, SessionTransition, UserSession
from sessions_app.states import SessionRef
from tests.support.fake_clock import START
from tests.support.personas import make_user
from tests.support.sessions import connect_phone, play

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def ended_session(name: str) -> SessionRef:
    ref = connect_phone(make_user(f"{name}@example.com")).ref
    play(ref, RunEvent.START)
    condemn(session_id=ref.session_id, reason="manual", now=START)
    finish(session_id=ref.session_id, now=START)
    return ref


def test_ended_sessions_go_with_all_that_hangs_on_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    for name in "abcde":
        ended_session(name)
    assert forget_history(before=START) == 0
    assert forget_history(before=START + DAY) == 5
    assert not UserSession.objects.exists()
    assert not AppRun.objects.exists()
    assert not SessionTransition.objects.exists()


def test_sessions_that_are_not_over_stay_however_old_they_are() -> None:
    live = connect_phone(make_user()).ref
    dying = connect_phone(make_user("b@example.com")).ref
    condemn(session_id=dying.session_id, reason="manual", now=START)
    assert forget_history(before=START + 1000 * DAY) == 0
    assert set(UserSession.objects.values_list("pk", flat=True).order_by()) == {
        UserSession.objects.get(pk=ref.session_id).pk for ref in (live, dying)
    }


def test_old_events_go_and_new_ones_stay() -> None:
    AnalyticsEvent.objects.create(name="old", user_id="a", at=START - DAY)
    AnalyticsEvent.objects.create(name="new", user_id="a", at=START + DAY)
    forget_history(before=START)
    assert [event.name for event in AnalyticsEvent.objects.all()] == ["new"]
