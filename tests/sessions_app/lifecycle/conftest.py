"""What a disposal touches outside the database, replaced by a recording; and databases to race on."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from pytest_django import DjangoDbBlocker

from sessions_app.lifecycle import disposal
from sessions_app.outbound.commands import DONE, EndSession, Reply
from tests.support.own_database import BOTH, own_database

Outcome = Reply | Exception


@dataclass
class Outside:
    """Node, app servers and Redis as a disposal meets them; `calls` says what was asked, in order."""

    owner: Outcome = DONE
    registered: bool | Exception = True
    redis: Exception | None = None
    before: Callable[[str], None] = lambda _: None
    calls: list[str] = field(default_factory=list)
    timeouts: list[float] = field(default_factory=list)
    ends: list[str] = field(default_factory=list)

    def _note(self, name: str) -> None:
        self.before(name)
        self.calls.append(name)

    def ask(self, session_id: str, command: EndSession, timeout_seconds: float) -> Reply:
        self._note("owner")
        self.timeouts.append(timeout_seconds)
        self.ends.append(command.reason)
        if isinstance(self.owner, Exception):
            raise self.owner
        return self.owner

    def is_registered(self, node_id: str) -> bool:
        if isinstance(self.registered, Exception):
            raise self.registered
        return self.registered

    def send_stop_webhooks(self, **_: Any) -> list[str]:
        self._note("webhooks")
        return []

    def drop_snapshot(self, session_id: str) -> None:
        self._note("snapshot")
        if self.redis is not None:
            raise self.redis


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> Outside:
    """Put the recording in the place of the real things."""
    recording = Outside()
    monkeypatch.setattr(disposal, "ask_from_outside", recording.ask)
    monkeypatch.setattr(disposal, "is_registered", recording.is_registered)
    monkeypatch.setattr(disposal, "send_stop_webhooks", recording.send_stop_webhooks)
    monkeypatch.setattr(disposal, "drop_snapshot", recording.drop_snapshot)
    return recording


@pytest.fixture(scope="module", params=BOTH)
def database(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[str]:
    """Which kind of database the races run on."""
    with own_database(request.param, tmp_path_factory.mktemp("races"), django_db_blocker):
        yield request.param
