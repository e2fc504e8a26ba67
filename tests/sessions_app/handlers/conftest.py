"""A session in memory for the handlers."""

import pytest

from sessions_app.lifecycle import building
from sessions_app.lifecycle.runtime import SessionRuntime
from tests.sessions_app.app_runs.conftest import PlayedServers
from tests.support.fake_clock import FakeClock
from tests.support.runtime import RecordingLink, make_runtime


@pytest.fixture(autouse=True)
def servers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the servers of apps answer."""
    monkeypatch.setattr(building, "app_servers", PlayedServers())


@pytest.fixture
async def session(monkeypatch: pytest.MonkeyPatch) -> tuple[SessionRuntime, RecordingLink, FakeClock]:
    """Return runtime, phone and clock."""
    return make_runtime(monkeypatch)
