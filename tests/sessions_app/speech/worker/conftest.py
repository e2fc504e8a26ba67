"""A worker with the scripted engine, and a node that is connected to it."""

from collections.abc import AsyncIterator

import pytest
from pytest_django.fixtures import Settings

from sessions_app.speech.worker.process import SpeechWorker
from tests.support.speech_node import NodeEnd, running_worker


@pytest.fixture
def speech_settings(settings: Settings) -> Settings:
    """Settings of a worker that needs no model."""
    settings.SPEECH_ENGINES = "scripted"
    settings.SPEECH_TRANSLATORS = "whisper"
    settings.SPEECH_VOICES = ""
    settings.SPEECH_VAD = "energy"
    return settings


@pytest.fixture
async def worker(speech_settings: Settings) -> AsyncIterator[SpeechWorker]:
    async with running_worker() as running:
        yield running


@pytest.fixture
async def node(worker: SpeechWorker) -> AsyncIterator[NodeEnd]:
    end = await NodeEnd.welcomed(worker.address)
    yield end
    await end.close()
