"""What dispose_session does and prints."""

import json
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from sessions_app.app_runs.rules import RunEvent
from sessions_app.lifecycle.condemning import condemn, take_up
from sessions_app.management.commands import dispose_session
from sessions_app.models import UserSession
from sessions_app.states import SessionRef
from tests.sessions_app.lifecycle.conftest import Outside, outside
from tests.support.personas import ADA, make_user
from tests.support.sessions import connect_phone, play, row_of

pytestmark = pytest.mark.django_db

__all__ = ["outside"]


@pytest.fixture
def ref() -> SessionRef:
    ref = connect_phone(make_user(), now=timezone.now()).ref
    play(ref, RunEvent.START, RunEvent.ATTACHED)
    return ref


def disposed(*arguments: str) -> dict[str, Any]:
    output = StringIO()
    call_command("dispose_session", *arguments, stdout=output)
    row: dict[str, Any] = json.loads(output.getvalue())
    return row


@pytest.mark.parametrize("by", ["id", "address"])
def test_a_session_is_ended_and_printed(ref: SessionRef, outside: Outside, by: str) -> None:
    row = disposed(ref.session_id if by == "id" else ADA.upper())
    assert (row["id"], row["userId"], row["state"]) == (ref.session_id, ADA, "DISPOSED")
    assert row["disposeReason"] == "manual"
    assert row["apps"][0]["state"] == "stopped"
    assert outside.calls == ["owner", "snapshot"]


def test_the_reason_is_kept(ref: SessionRef, outside: Outside) -> None:
    assert disposed(ADA, "--reason", "lost phone")["disposeReason"] == "lost phone"
    assert outside.ends == ["lost phone"]


def test_a_session_that_is_over_is_printed_as_it_is(ref: SessionRef, outside: Outside) -> None:
    disposed(ref.session_id)
    again = disposed(ref.session_id, "--reason", "again")
    assert (again["state"], again["disposeReason"]) == ("DISPOSED", "manual")


@pytest.mark.parametrize("reference", ["nobody@example.com", "00000000-0000-4000-8000-000000000000", "???"])
def test_what_does_not_exist_is_said(reference: str) -> None:
    with pytest.raises(CommandError, match="has no session to end"):
        disposed(reference)


def test_a_user_whose_session_is_over_has_none_to_end(ref: SessionRef, outside: Outside) -> None:
    disposed(ADA)
    with pytest.raises(CommandError, match="has no session to end"):
        disposed(ADA)


def test_a_session_that_a_dead_worker_left_is_ended(ref: SessionRef, outside: Outside) -> None:
    long_ago = timezone.now() - timedelta(minutes=1)
    condemn(session_id=ref.session_id, reason="grace_expired", now=long_ago)
    take_up(session_id=ref.session_id, now=long_ago)
    assert disposed(ADA)["disposeReason"] == "grace_expired"


def test_a_worker_that_is_at_it_is_waited_for(
    ref: SessionRef, outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    condemn(session_id=ref.session_id, reason="grace_expired", now=timezone.now())
    take_up(session_id=ref.session_id, now=timezone.now())

    def worker_finishes(_: float) -> None:
        UserSession.objects.filter(pk=ref.session_id).update(state="DISPOSED")

    monkeypatch.setattr("time.sleep", worker_finishes)
    assert disposed(ADA)["state"] == "DISPOSED"
    assert outside.calls == []


def test_a_worker_that_does_not_finish_is_not_waited_for_for_ever(
    ref: SessionRef, outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    condemn(session_id=ref.session_id, reason="grace_expired", now=timezone.now())
    take_up(session_id=ref.session_id, now=timezone.now())
    monkeypatch.setattr(dispose_session, "STUCK_AFTER_SECONDS", 0.0)
    with pytest.raises(CommandError, match="does not finish"):
        disposed(ADA)
    assert row_of(ref).state == "DISPOSING"
