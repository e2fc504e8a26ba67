"""The fake cloud and a mini app, for every test of the SDK."""

from collections.abc import AsyncIterator

import pytest

from mentra_sdk import MiniAppServer
from tests.mentra_sdk.fake_cloud import API_KEY, PACKAGE, QUICK, FakeCloud, shut_down
from tests.mentra_sdk.stage import Stage
from tests.mentra_sdk.story import Story


@pytest.fixture
async def cloud() -> AsyncIterator[FakeCloud]:
    async with FakeCloud() as running:
        yield running


@pytest.fixture
async def app(cloud: FakeCloud) -> AsyncIterator[MiniAppServer]:
    mini_app = MiniAppServer(package_name=PACKAGE, api_key=API_KEY, timing=QUICK)
    yield mini_app
    await shut_down(mini_app)


@pytest.fixture
def story(app: MiniAppServer) -> Story:
    return Story(app)


@pytest.fixture
async def stage(cloud: FakeCloud, app: MiniAppServer) -> Stage:
    """Return a session that the cloud acknowledged."""
    socket = await cloud.start(app)
    await socket.accept(
        settings=[{"key": "size", "value": 14}, {"key": "color", "defaultValue": "green"}, {"type": "group"}],
        mentraosSettings={
            "timezone": "Europe/Berlin",
            "metricSystemEnabled": True,
            "permissions": {"microphone": True, "location": False},
        },
        capabilities={"modelName": "Even Realities G1", "hasDisplay": True, "hasIMU": True, "novel": 1},
    )
    await socket.next_of("subscription_update")
    return Stage(app.sessions[0], socket)
