"""A phone tells what time its user has; that apps hear of it is a test of the handlers."""

import json
from typing import Any

import pytest
from django.test import Client

from sessions_app.errors import OwnerUnreachable
from sessions_app.outbound import owner
from sessions_app.outbound.commands import PassDatetime, Reply
from tests.sessions_app.api.conftest import Ask, Owners
from tests.support.personas import ADA, BOB, make_token

pytestmark = pytest.mark.django_db
PATH = "/api/user-data/set-datetime"
NOW = "2026-01-02T03:04:05.678Z"
TOLD = {"success": True, "userId": ADA, "datetime": NOW}


def post(body: Any) -> tuple[int, Any]:
    """Post without a header."""
    answer = Client().post(PATH, json.dumps(body), "application/json")
    return answer.status_code, answer.json()


def test_the_owner_passes_the_time_on(ask: Ask, owners: Owners) -> None:
    assert ask("POST", PATH, {"datetime": NOW}) == (200, TOLD)
    assert owners.asked == [PassDatetime(NOW)]


def test_the_token_may_stand_in_the_body(owners: Owners) -> None:
    assert post({"coreToken": make_token(ADA), "datetime": NOW}) == (200, TOLD)


@pytest.mark.parametrize("body", [{"datetime": NOW, "userId": ADA}, {"coreToken": "x", "datetime": NOW}, []])
def test_nobody_speaks_for_another_by_an_address(owners: Owners, body: Any) -> None:
    assert post(body)[0] == 401
    assert owners.asked == []


def test_the_header_goes_before_the_body(ask: Ask, owners: Owners) -> None:
    body = {"coreToken": make_token(BOB), "datetime": NOW}
    assert ask("POST", PATH, body)[1]["userId"] == ADA


@pytest.mark.parametrize("body", [{}, {"datetime": "noon"}, {"datetime": 7}, {"datetime": ""}, []])
def test_what_is_no_time_is_refused(ask: Ask, owners: Owners, body: Any) -> None:
    status, said = ask("POST", PATH, body)
    assert (status, bool(said["error"]), owners.asked) == (400, True, [])


def test_without_a_session_there_is_nobody_to_tell(ask: Ask, owners: Owners) -> None:
    assert ask("POST", PATH, {"datetime": NOW}, email=BOB)[0] == 404
    owners.reply = Reply(ok=False, code="NO_ACTIVE_SESSION", message="This node does not own the session")
    assert ask("POST", PATH, {"datetime": NOW})[0] == 404


def test_an_owner_that_does_not_answer_is_asked_again_later(
    ask: Ask, owners: Owners, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def silent(*_: Any, **__: Any) -> Reply:
        raise OwnerUnreachable("node-2 did not answer")

    monkeypatch.setattr(owner, "ask", silent)
    status, said = ask("POST", PATH, {"datetime": NOW})
    assert (status, said["error"]) == (503, "NO_ACTIVE_SESSION")
