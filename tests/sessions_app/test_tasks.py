"""Background jobs: what beat has done, job by job."""

import json
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from django.db import InterfaceError, OperationalError
from django.utils import timezone
from pytest_django import DjangoDbBlocker, Settings
from redis.exceptions import ConnectionError as RedisUnreachable

from accounts.models import RevokedToken
from mentra_site.celery import app as celery_app
from sessions_app import tasks
from sessions_app.app_runs.rules import RunEvent
from sessions_app.lifecycle import disposal
from sessions_app.lifecycle.condemning import condemn, take_up
from sessions_app.messaging.services import RoomWish, join_room
from sessions_app.models import AnalyticsEvent, TranscriptSegment, UserSession
from sessions_app.outages import database_outage, redis_outage
from sessions_app.outbound.commands import KeyRevoked, dump
from tests.sessions_app.lifecycle.conftest import Outside, outside
from tests.support.own_database import own_database
from tests.support.personas import ADA, BOB, CAPTIONS, make_app, make_user
from tests.support.sessions import GRACE_SECONDS, NODE, connect_phone, lose_the_phone, play, row_of
from tests.support.words import say

__all__ = ["outside"]

GRACE = timedelta(seconds=GRACE_SECONDS)
MINUTE = timedelta(minutes=1)


@pytest.mark.django_db
def test_who_is_gone_without_a_word_leaves_the_rooms(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[str, dict[str, Any]]] = []
    monkeypatch.setattr(tasks, "tell_nodes", told.extend)
    make_app(CAPTIONS)
    ada, bob = (connect_phone(make_user(email)).ref for email in (ADA, BOB))
    for ref in (ada, bob):
        play(ref, RunEvent.START, RunEvent.ATTACHED)
        join_room(
            session_id=ref.session_id,
            package_name=CAPTIONS,
            wish=RoomWish("lab", 2),
            now=timezone.now(),
        )
    tasks.end_room_memberships()
    assert told == []
    condemn(session_id=bob.session_id, reason="manual", now=timezone.now())
    tasks.end_room_memberships()
    assert [(node, message["sessions"]) for node, message in told] == [(NODE, [ada.session_id])] * 2
    assert [json.loads(message["text"])["type"] for _, message in told] == [
        "app_user_left",
        "app_room_updated",
    ]


@pytest.mark.django_db
def test_the_sweep_ends_expired_and_stuck_sessions_and_leaves_the_others(outside: Outside) -> None:
    now = timezone.now()
    expired, stuck, waiting, active = (
        connect_phone(make_user(f"{name}@example.com"), now=now - GRACE).ref for name in "abcd"
    )
    lose_the_phone(expired, now=now - GRACE)
    lose_the_phone(waiting, now=now - MINUTE)
    condemn(session_id=stuck.session_id, reason="manual", now=now - MINUTE)
    take_up(session_id=stuck.session_id, now=now - MINUTE)
    tasks.dispose_expired_sessions()
    states = [row_of(ref).state for ref in (expired, stuck, waiting, active)]
    assert states == ["DISPOSED", "DISPOSED", "DISCONNECTED", "ACTIVE"]
    assert row_of(expired).dispose_reason == "grace_expired"
    assert row_of(stuck).dispose_reason == "manual"
    tasks.dispose_expired_sessions()
    assert AnalyticsEvent.objects.filter(name="disconnected").count() == 2


@pytest.mark.django_db
def test_each_session_is_a_job_of_its_own_that_does_not_wait_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    refs = [connect_phone(make_user(f"{name}@example.com")).ref for name in "ab"]
    for ref in refs:
        lose_the_phone(ref)
    queued: list[tuple[Any, Any]] = []
    monkeypatch.setattr(tasks.dispose_session, "apply_async", lambda args, **how: queued.append((args, how)))
    tasks.dispose_expired_sessions()
    assert sorted(args[0] for args, _ in queued) == sorted(ref.session_id for ref in refs)
    assert all(how == {"expires": 30.0} for _, how in queued)


@pytest.mark.django_db
def test_a_session_is_ended_for_a_reason(outside: Outside) -> None:
    ref = connect_phone(make_user()).ref
    tasks.dispose_session.delay(ref.session_id, "goodbye")
    assert (row_of(ref).state, row_of(ref).dispose_reason) == ("DISPOSED", "goodbye")


@pytest.mark.django_db
def test_sessions_of_a_silent_node_are_marked_by_the_settings(settings: Settings) -> None:
    settings.NODE_LOST_SECONDS, settings.SESSION_GRACE_SECONDS = 40, 90
    seen_at = timezone.now() - timedelta(seconds=41)
    silent = connect_phone(make_user(ADA), now=seen_at).ref
    alive = connect_phone(make_user(BOB), now=timezone.now()).ref
    tasks.mark_lost_nodes()
    row = row_of(silent)
    assert (row.state, row.disconnected_at) == ("DISCONNECTED", seen_at)
    assert row.dispose_after == seen_at + timedelta(seconds=90)
    assert row_of(alive).state == "ACTIVE"


def test_the_worker_shows_that_it_works(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.REDIS_KEY_PREFIX = "of-this-test"
    stored: dict[str, tuple[float, int]] = {}

    class Redis:
        def set(self, name: str, value: float, ex: int) -> None:
            stored[name] = (value, ex)

    monkeypatch.setattr(tasks, "blocking_redis", Redis)
    tasks.worker_heartbeat()
    [(name, (value, ttl))] = stored.items()
    assert (name, ttl) == ("of-this-test:worker:heartbeat", 30)
    assert value == pytest.approx(time.time(), abs=5)


@pytest.mark.django_db
def test_old_history_is_forgotten(settings: Settings, outside: Outside) -> None:
    settings.HISTORY_DAYS = 7
    old, recent = connect_phone(make_user(ADA)).ref, connect_phone(make_user(BOB)).ref
    for ref in (old, recent):
        tasks.dispose_session(ref.session_id, "manual")
    week_ago = timezone.now() - timedelta(days=8)
    UserSession.objects.filter(pk=old.session_id).update(disposed_at=week_ago)
    AnalyticsEvent.objects.filter(session_id=old.session_id).update(at=week_ago)
    RevokedToken.objects.create(jti="expired", expires_at=week_ago)
    RevokedToken.objects.create(jti="good", expires_at=timezone.now() + MINUTE)
    tasks.forget_old_history()
    assert [str(row.pk) for row in UserSession.objects.all()] == [recent.session_id]
    assert [event.session_id for event in AnalyticsEvent.objects.all()] == [recent.session_id]
    assert [token.jti for token in RevokedToken.objects.all()] == ["good"]


@pytest.mark.django_db
def test_words_of_sessions_that_are_over_are_forgotten(settings: Settings, outside: Outside) -> None:
    settings.TRANSCRIPT_RETENTION_DAYS = 2
    old, recent = connect_phone(make_user(ADA)).ref, connect_phone(make_user(BOB)).ref
    for ref in (old, recent):
        say(ref, "hello")
        tasks.dispose_session(ref.session_id, "manual")
    UserSession.objects.filter(pk=old.session_id).update(disposed_at=timezone.now() - timedelta(days=3))
    tasks.forget_old_history()
    assert [str(row.session_id) for row in TranscriptSegment.objects.all()] == [recent.session_id]


@pytest.mark.django_db
def test_owners_of_an_app_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    ref = connect_phone(make_user()).ref
    told: list[tuple[Any, Any]] = []
    monkeypatch.setattr(tasks, "tell_from_outside", lambda *said: told.append(said))
    command = KeyRevoked(CAPTIONS, 7)
    tasks.tell_owners.delay(CAPTIONS, dump(command).decode())
    assert told == [], "nobody runs the app"
    play(ref, RunEvent.START)
    tasks.tell_owners.delay(CAPTIONS, dump(command).decode())
    tasks.tell_owners.delay(CAPTIONS, dump(command).decode(), ref.user_pk + 1)
    assert told == [({ref.session_id: NODE}, command)]


def test_every_job_of_the_clock_exists() -> None:
    assert current_app.main == celery_app.main
    names = {job["task"] for job in celery_app.conf.beat_schedule.values()}
    assert names <= set(celery_app.tasks)
    assert "sessions_app.tasks.dispose_expired_sessions" in names


@pytest.fixture
def own_file(tmp_path: Path, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with own_database("sqlite", tmp_path, django_db_blocker):
        yield


@pytest.mark.usefixtures("own_file")
def test_at_shutdown_every_live_session_is_ended_without_asking_a_node(outside: Outside) -> None:
    refs = [connect_phone(make_user(f"user-{number}@example.com")).ref for number in range(12)]
    lose_the_phone(refs[0])
    condemn(session_id=refs[1].session_id, reason="manual", now=timezone.now())
    assert tasks.dispose_all(owners_are_gone=True) == 11
    assert "owner" not in outside.calls
    assert [row_of(ref).state for ref in refs] == ["DISPOSED", "DISPOSING", *["DISPOSED"] * 10]
    assert row_of(refs[2]).dispose_reason == "shutdown"


@pytest.mark.usefixtures("own_file")
def test_before_the_nodes_stop_each_owner_is_asked_to_end_its_sessions(outside: Outside) -> None:
    refs = [connect_phone(make_user(f"user-{number}@example.com")).ref for number in range(3)]
    assert tasks.dispose_all() == 3
    assert outside.calls.count("owner") == 3
    assert [row_of(ref).state for ref in refs] == ["DISPOSED"] * 3


@pytest.mark.usefixtures("own_file")
def test_at_shutdown_one_session_that_fails_does_not_keep_the_others(
    outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    refs = [connect_phone(make_user(f"user-{number}@example.com")).ref for number in range(3)]
    real = disposal.end_session

    def fail_once(session_id: str, *args: Any, **how: Any) -> bool:
        if session_id == refs[1].session_id:
            raise RuntimeError("of this test")
        return real(session_id, *args, **how)

    monkeypatch.setattr(disposal, "end_session", fail_once)
    assert tasks.dispose_all() == 2
    assert [row_of(ref).state for ref in refs] == ["DISPOSED", "ACTIVE", "DISPOSED"]


@pytest.mark.parametrize(
    ("job", "arguments", "problem"),
    [
        (tasks.mark_lost_nodes, (), OperationalError("away")),
        (tasks.dispose_expired_sessions, (), InterfaceError("closed")),
        (tasks.dispose_session, ("some-session", "goodbye"), OperationalError("away")),
        (tasks.worker_heartbeat, (), RedisUnreachable("away")),
    ],
)
def test_a_job_that_finds_a_part_away_leaves_its_work_to_the_next_round(
    job: Any, arguments: tuple[str, ...], problem: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise problem

    for module, name in (
        (tasks, "mark_lost_sessions"),
        (tasks, "condemn_expired"),
        (disposal, "end_session"),
        (tasks, "blocking_redis"),
    ):
        monkeypatch.setattr(module, name, fail)
    part = redis_outage if job is tasks.worker_heartbeat else database_outage
    job(*arguments)
    assert part.is_on
    part.over()


def test_any_other_failure_of_a_job_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_: object) -> None:
        raise ValueError("a bug")

    monkeypatch.setattr(tasks, "mark_lost_sessions", fail)
    with pytest.raises(ValueError, match="a bug"):
        tasks.mark_lost_nodes()
