"""Asking the owner of a session for what takes its time (rest §4)."""

from typing import Any

import pytest

from accounts.models import User
from sessions_app.errors import OwnerUnreachable, SessionAbsent
from sessions_app.outbound import owner
from sessions_app.outbound.commands import DONE, Reply, StartApp
from sessions_app.outbound.owner import ASK_TIMEOUT_SECONDS, ask, ask_session_of
from tests.support.personas import make_user
from tests.support.sessions import connect_phone

LONG_SECONDS = ASK_TIMEOUT_SECONDS + 1
START = StartApp("com.example.captions")


class Node:
    """The node that owns the session: whether it is there, and the questions that reached it."""

    def __init__(self) -> None:
        self.is_there = True
        self.asked: list[float] = []

    async def is_listened_to(self, node_id: str) -> bool:
        return self.is_there

    async def request(self, node_id: str, session_id: str, command: Any, timeout_seconds: float) -> Reply:
        self.asked.append(timeout_seconds)
        return DONE


@pytest.fixture
def node(monkeypatch: pytest.MonkeyPatch) -> Node:
    played = Node()
    monkeypatch.setattr(owner, "_ask_once", played.request)
    monkeypatch.setattr(owner, "is_listened_to", played.is_listened_to)
    return played


async def test_a_dead_owner_is_not_waited_for(node: Node) -> None:
    node.is_there = False
    with pytest.raises(OwnerUnreachable, match="node-7 is not there"):
        await ask("a session", START, LONG_SECONDS, node_id="node-7")
    assert node.asked == []


@pytest.mark.parametrize(("is_there", "seconds"), [(True, LONG_SECONDS), (False, ASK_TIMEOUT_SECONDS)])
async def test_others_are_asked_as_long_as_the_answer_may_take(
    node: Node, is_there: bool, seconds: float
) -> None:
    node.is_there = is_there
    assert await ask("a session", START, seconds, node_id="node-7") == DONE
    assert node.asked == [seconds]


@pytest.fixture
def given_back(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Note when the database connection is given back."""
    noted: list[bool] = []
    monkeypatch.setattr(owner, "give_back_connection", lambda: noted.append(True))
    return noted


@pytest.fixture
def ada(db: None) -> User:
    return make_user()


@pytest.mark.parametrize(("seconds", "is_kept"), [(LONG_SECONDS, False), (ASK_TIMEOUT_SECONDS, True)])
def test_who_waits_for_long_keeps_no_connection(
    node: Node, ada: User, given_back: list[bool], seconds: float, is_kept: bool
) -> None:
    connect_phone(ada)
    assert ask_session_of(ada.pk, START, seconds) == DONE
    assert given_back == ([] if is_kept else [True])


def test_without_a_session_nobody_is_asked(node: Node, ada: User) -> None:
    with pytest.raises(SessionAbsent):
        ask_session_of(ada.pk, START)
    assert node.asked == []
