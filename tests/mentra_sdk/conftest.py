"""The fake cloud and a mini app, for every test of the SDK."""

from collections.abc import AsyncIterator

import pytest

from mentra_sdk import MiniAppServer
from tests.mentra_sdk.fake_cloud import API_KEY, PACKAGE, QUICK, FakeCloud, shut_down


@pytest.fixture
async def cloud() -> AsyncIterator[FakeCloud]:
    async with FakeCloud() as running:
        yield running


@pytest.fixture
async def app(cloud: FakeCloud) -> AsyncIterator[MiniAppServer]:
    mini_app = MiniAppServer(package_name=PACKAGE, api_key=API_KEY, timing=QUICK)
    yield mini_app
    await shut_down(mini_app)
