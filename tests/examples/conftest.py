"""The fake cloud and no long waits, for the tests of the examples."""

from collections.abc import AsyncIterator

import pytest

from tests.mentra_sdk.fake_cloud import QUICK, FakeCloud


@pytest.fixture
async def fake_cloud() -> AsyncIterator[FakeCloud]:
    async with FakeCloud() as running:
        yield running


@pytest.fixture(autouse=True)
def quick_returns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let apps come back after a break without the pauses that spare a real cloud."""
    monkeypatch.setattr("mentra_sdk.server.Timing", lambda: QUICK)
