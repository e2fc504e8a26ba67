"""A session in memory for the handlers."""

import pytest

from sessions_app.lifecycle.runtime import SessionRuntime
from tests.support.fake_clock import FakeClock
from tests.support.runtime import RecordingLink, make_runtime


@pytest.fixture
async def session(monkeypatch: pytest.MonkeyPatch) -> tuple[SessionRuntime, RecordingLink, FakeClock]:
    """Return runtime, phone and clock."""
    return make_runtime(monkeypatch)
