"""The fake cloud, for the tests of the examples."""

from collections.abc import AsyncIterator

import pytest

from tests.mentra_sdk.fake_cloud import FakeCloud


@pytest.fixture
async def fake_cloud() -> AsyncIterator[FakeCloud]:
    async with FakeCloud() as running:
        yield running
