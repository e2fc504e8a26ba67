"""The same story with the official SDK and with ours, at one cloud: the same messages, each way.

Those of the official one are kept for tests without node; this writes them anew:
`RECORD_EXCHANGES=1 .venv/bin/python -m pytest tests/sdk/test_same_story.py`.
"""

import asyncio
import os
import sys
from dataclasses import replace

from tests.conformance import exchange
from tests.conformance.recorder import Recorder
from tests.conformance.script import STORY, play
from tests.conformance.servers import OurCloud
from tests.sdk.packages import Family, Program
from tests.sdk.probe import Probe
from tests.support.commands import ROOT
from tests.support.ports import free_port
from tests.support.stage import Stage

OURS = Program(ROOT, sys.executable, "tests/conformance/story_app.py")
RECORD = "RECORD_EXCHANGES"
ABOUT = "The cloud and an app of @mentra/sdk 3.0.0-alpha.4; tests/sdk/test_same_story.py records it."


async def tell(stage: Stage, program: Program) -> exchange.Exchange:
    """Play the story with an app of this program; return what passed between it and the cloud."""
    async with Recorder(port := free_port()) as recorder:
        cloud = await OurCloud.prepare(stage, recorder)
        paths = {"PYTHONPATH": str(ROOT)}
        probe = Probe(program, Family.C, cloud.app, port, stage.cloud.url, environment=paths)
        stage.at_end(probe.kill)
        await probe.start()
        cloud.process = probe
        await play(cloud, STORY)
        return cloud.exchange()


async def test_both_sdks_exchange_the_same_messages(stage: Stage, programs: dict[Family, Program]) -> None:
    official, ours = await asyncio.gather(
        tell(stage, replace(programs[Family.C], script="story.mjs")), tell(stage, OURS)
    )
    if os.environ.get(RECORD):
        exchange.save(exchange.OFFICIAL, official, ABOUT)
    assert exchange.differences(exchange.load(exchange.OFFICIAL), official) == []
    assert exchange.differences(official, ours) == []
