"""What list_sessions prints."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from sessions_app.app_runs.rules import RunEvent
from sessions_app.lifecycle.condemning import condemn, finish
from tests.support.fake_clock import START
from tests.support.personas import ADA, BOB, CAPTIONS, make_user
from tests.support.queries import statements
from tests.support.sessions import connect_phone, lose_the_phone, play

pytestmark = pytest.mark.django_db


def listed(*arguments: str) -> list[dict[str, Any]]:
    output = StringIO()
    call_command("list_sessions", *arguments, stdout=output)
    rows: list[dict[str, Any]] = json.loads(output.getvalue())
    return rows


def test_nothing_is_an_empty_array() -> None:
    assert listed() == []


def test_a_session_is_shown_whole() -> None:
    ref = connect_phone(make_user()).ref
    play(ref, RunEvent.START, RunEvent.ATTACHED, subscriptions=["button_press"])
    lose_the_phone(ref)
    assert listed() == [
        {
            "id": ref.session_id,
            "userId": ADA,
            "state": "DISCONNECTED",
            "owner": "node-1",
            "generation": 1,
            "connectedAt": "2026-01-02T03:04:05Z",
            "disconnectedAt": "2026-01-02T03:04:05Z",
            "disposeAfter": "2026-01-02T03:09:05Z",
            "disposedAt": None,
            "disposeReason": None,
            "reconnects": 0,
            "apps": [{"packageName": CAPTIONS, "state": "running", "subscriptions": ["button_press"]}],
            "counters": {
                "audioBytes": 0,
                "audioLost": 0,
                "audioDropped": 0,
                "transcripts": 0,
                "events": 0,
                "appsUsed": [],
            },
        }
    ]


def test_sessions_that_are_over_are_shown_on_request_only() -> None:
    over = connect_phone(make_user()).ref
    condemn(session_id=over.session_id, reason="manual", now=START)
    assert [row["state"] for row in listed()] == ["DISPOSING"]
    finish(session_id=over.session_id, now=START)
    assert listed() == []
    [row] = listed("--all")
    assert (row["state"], row["disposeReason"]) == ("DISPOSED", "manual")
    assert row["disposedAt"] == "2026-01-02T03:04:05Z"


def test_one_users_sessions_are_found_in_any_case_of_the_address() -> None:
    connect_phone(make_user(ADA))
    connect_phone(make_user(BOB))
    assert [row["userId"] for row in listed("--user", ADA.upper())] == [ADA]
    assert listed("--user", "nobody@example.com") == []


def test_the_number_of_queries_does_not_grow_with_sessions() -> None:
    for number in range(3):
        play(connect_phone(make_user(f"{number}@example.com")).ref, RunEvent.START)
    with statements() as made:
        assert len(listed()) == 3
    assert len(made) == 2, made
