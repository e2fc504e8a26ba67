"""Our SDK keeps to one script of expectations at three servers."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from mentra_sdk import MiniAppServer
from mentra_sdk.testing import MemoryCloud
from tests.conformance.exchange import KEY, OFFICIAL, PACKAGE, Exchange, differences, load, shape
from tests.conformance.recorder import Recorder
from tests.conformance.replay import Replay
from tests.conformance.script import SCRIPT, Told, play
from tests.conformance.servers import CloudInMemory, OurCloud
from tests.conformance.story_app import build_app
from tests.mentra_sdk.fake_cloud import QUICK, shut_down
from tests.support.ports import free_port
from tests.support.stage import Stage


@pytest.fixture
def official() -> Exchange:
    """What passes with the official SDK in the steps of the script."""
    kept = load(OFFICIAL)
    return {step.name: kept[step.name] for step in SCRIPT}


@pytest.fixture
def told() -> Told:
    return Told()


@asynccontextmanager
async def served(package_name: str, api_key: str, port: int, told: Told) -> AsyncIterator[MiniAppServer]:
    """Run the story's app in this process."""
    app = build_app(package_name=package_name, api_key=api_key, port=port, report=told.report, timing=QUICK)
    await app.start()
    yield app
    await app.stop()


@pytest.mark.scenario
async def test_at_our_cloud(stage: Stage, told: Told, official: Exchange) -> None:
    async with Recorder(port := free_port()) as recorder:
        cloud = await OurCloud.prepare(stage, recorder)
        async with served(cloud.app.package_name, cloud.app.api_key, port, told):
            await play(cloud, SCRIPT, told)
    assert differences(official, cloud.exchange()) == []


async def test_at_the_cloud_in_memory(told: Told, official: Exchange) -> None:
    async with Recorder(port := free_port()) as recorder, MemoryCloud() as memory:
        cloud = CloudInMemory(recorder, memory)
        async with served(PACKAGE, KEY, port, told):
            await play(cloud, SCRIPT, told)
    assert differences(shape(official), shape(cloud.exchange())) == []


async def test_at_recorded_exchanges_of_the_official_sdk(told: Told, official: Exchange) -> None:
    app = build_app(package_name=PACKAGE, api_key=KEY, port=0, report=told.report, timing=QUICK)
    async with Replay(official, app) as replay:
        await play(replay, SCRIPT, told)
        await shut_down(app)
