"""A disposal does every step whatever fails, in the order of lifecycle §2, and only once."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings
from redis.exceptions import ConnectionError as RedisAway

from accounts.services import update_privacy
from sessions_app.app_runs.rules import RunEvent
from sessions_app.errors import OwnerUnreachable, SessionAbsent
from sessions_app.lifecycle import disposal
from sessions_app.lifecycle.condemning import STUCK_AFTER_SECONDS, condemn
from sessions_app.lifecycle.disposal import dispose, end_session
from sessions_app.lifecycle.services import add_counts
from sessions_app.models import AnalyticsEvent, AppRun, TranscriptSegment, UserSession
from sessions_app.outbound import metrics
from sessions_app.outbound.commands import Reply
from sessions_app.states import SessionRef
from tests.sessions_app.lifecycle.conftest import Outside
from tests.support.personas import ADA, make_user
from tests.support.sessions import (
    connect_phone,
    counts_of,
    history,
    last_detail,
    lose_the_phone,
    play,
    row_of,
)
from tests.support.words import say

pytestmark = pytest.mark.django_db

E = RunEvent
AGO = timedelta(seconds=90)


@pytest.fixture
def ref() -> SessionRef:
    ref = connect_phone(make_user(), now=timezone.now() - AGO).ref
    play(ref, E.START, E.ATTACHED)
    return ref


def events() -> list[AnalyticsEvent]:
    return list(AnalyticsEvent.objects.filter(name="disconnected"))


def test_the_owner_ends_the_hot_state_and_the_rows_follow(ref: SessionRef, outside: Outside) -> None:
    assert end_session(ref.session_id, "manual")
    assert outside.calls == ["owner", "snapshot"]
    assert outside.ends == ["manual"]
    row = row_of(ref)
    assert (row.state, row.dispose_reason, row.owner) == ("DISPOSED", "manual", "")
    assert history(ref)[-2:] == ["DISPOSING", "DISPOSED"]
    assert last_detail(ref) == ""
    assert AppRun.objects.get().state == "stopped"


def test_the_end_is_reported_with_duration_and_counters_before_apps_are_stopped(
    ref: SessionRef, outside: Outside
) -> None:
    add_counts(
        ref=ref, counts=counts_of(audio_bytes=640, events=3, transcripts=2), apps_used=frozenset({"a.b"})
    )
    lost_at = timezone.now() - timedelta(seconds=30)
    lose_the_phone(ref, now=lost_at)
    reported_when_asked: list[int] = []
    outside.before = lambda name: reported_when_asked.append(len(events()))
    end_session(ref.session_id, "grace_expired")
    assert reported_when_asked[0] == 1
    [event] = events()
    assert (event.user_id, event.session_id) == (ADA, ref.session_id)
    assert 90_000 <= event.properties["duration"] < 100_000
    assert event.properties["disconnectedAt"] == lost_at.isoformat(timespec="milliseconds")[:-6] + "Z"
    assert event.properties["reason"] == "grace_expired"
    counters = ("reconnects", "audioBytes", "events", "transcripts", "appsUsed")
    assert [event.properties[name] for name in counters] == [0, 640, 3, 2, ["a.b"]]


@pytest.mark.parametrize(
    "outcome",
    [
        SessionAbsent("nobody"),
        OwnerUnreachable("silent"),
        RedisAway("refused"),
        Reply(ok=False, code="NO_ACTIVE_SESSION"),
        Reply(ok=False, code="INCOMPLETE", message="display"),
    ],
    ids=["absent", "unreachable", "redis away", "restarted", "incomplete"],
)
def test_without_a_willing_owner_the_app_servers_are_told_from_here(
    ref: SessionRef, outside: Outside, outcome: Reply | Exception
) -> None:
    outside.owner = outcome
    assert end_session(ref.session_id, "grace_expired")
    assert outside.calls == ["owner", "webhooks", "snapshot"]
    assert last_detail(ref) == "", "that is no failure"
    assert AppRun.objects.get().state == "stopped"


def test_a_node_that_is_not_in_the_register_is_not_waited_for_long(ref: SessionRef, outside: Outside) -> None:
    outside.registered, outside.owner = False, OwnerUnreachable("silent")
    end_session(ref.session_id, "grace_expired")
    assert outside.timeouts == [disposal.UNREGISTERED_TIMEOUT_SECONDS]


def test_with_redis_away_nothing_but_the_snapshot_fails(ref: SessionRef, outside: Outside) -> None:
    outside.registered = outside.redis = RedisAway("refused")
    before = metrics.failed_disposal_steps["snapshot"]
    assert end_session(ref.session_id, "manual")
    assert outside.calls == ["webhooks", "snapshot"]
    assert row_of(ref).state == "DISPOSED"
    assert last_detail(ref) == "failed: snapshot"
    assert metrics.failed_disposal_steps["snapshot"] == before + 1


def test_every_step_is_attempted_whatever_became_of_the_others(
    ref: SessionRef, outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = []

    def failing(name: str) -> None:
        tried.append(name)
        raise RuntimeError(name)

    steps = tuple((name, lambda _, name=name: failing(name)) for name, _ in disposal.STEPS)
    monkeypatch.setattr(disposal, "STEPS", steps)
    assert end_session(ref.session_id, "manual")
    assert tried == ["report", "hot state", "app runs", "snapshot", "transcript"]
    assert row_of(ref).state == "DISPOSED"
    assert last_detail(ref) == f"failed: {', '.join(tried)}"


def test_a_disposed_session_is_not_disposed_again(ref: SessionRef, outside: Outside) -> None:
    assert end_session(ref.session_id, "manual")
    asked = list(outside.calls)
    assert not end_session(ref.session_id, "again")
    assert not dispose(ref.session_id)
    assert outside.calls == asked
    assert row_of(ref).dispose_reason == "manual"
    assert len(events()) == 1


def test_a_live_session_is_not_disposed_without_being_condemned(ref: SessionRef, outside: Outside) -> None:
    assert not dispose(ref.session_id)
    assert outside.calls == []
    assert row_of(ref).state == "ACTIVE"


def test_a_second_worker_keeps_its_hands_off(ref: SessionRef, outside: Outside) -> None:
    second: list[bool] = []
    outside.before = lambda name: second.append(dispose(ref.session_id)) if name == "owner" else None
    assert end_session(ref.session_id, "manual")
    assert second == [False]
    assert outside.calls == ["owner", "snapshot"]


def test_a_worker_that_died_is_succeeded_without_a_second_report(ref: SessionRef, outside: Outside) -> None:
    class Killed(BaseException):
        """As if the process went away: no step's failure, nothing is caught."""

    def die(name: str) -> None:
        raise Killed

    outside.before = die
    with pytest.raises(Killed):
        end_session(ref.session_id, "manual")
    assert row_of(ref).state == "DISPOSING"
    outside.before = lambda _: None
    assert not dispose(ref.session_id), "somebody may still be at it"
    dead = timezone.now() - timedelta(seconds=STUCK_AFTER_SECONDS)
    UserSession.objects.filter(pk=ref.session_id).update(disposing_at=dead)
    assert dispose(ref.session_id)
    assert row_of(ref).state == "DISPOSED"
    assert len(events()) == 1


def test_a_gone_owner_is_not_asked(ref: SessionRef, outside: Outside) -> None:
    assert end_session(ref.session_id, "shutdown", owner_is_gone=True)
    assert outside.calls == ["webhooks", "snapshot"]


def test_a_session_that_was_condemned_elsewhere_keeps_its_reason(ref: SessionRef, outside: Outside) -> None:
    condemn(session_id=ref.session_id, reason="fatal error", now=timezone.now())
    assert end_session(ref.session_id, "manual")
    assert row_of(ref).dispose_reason == "fatal error"
    assert events()[0].properties["reason"] == "fatal error"
    assert outside.ends == ["fatal error"]


@pytest.mark.parametrize(("days", "kept"), [(0, 0), (0.5, 2)])
def test_what_was_said_goes_with_the_session_unless_it_is_to_be_kept(
    ref: SessionRef, outside: Outside, settings: Settings, days: float, kept: int
) -> None:
    settings.TRANSCRIPT_RETENTION_DAYS = days
    say(ref, "one", "two")
    end_session(ref.session_id, "manual")
    assert TranscriptSegment.objects.count() == kept


def test_who_does_not_share_usage_data_is_not_counted(ref: SessionRef, outside: Outside) -> None:
    update_privacy(user=make_user(), changes={"shareUsageData": False})
    assert end_session(ref.session_id, "manual")
    assert events() == []
    assert outside.ends == ["manual"]
