"""Captions on the glasses in the browser: a sound file is spoken, and its words appear while it is."""

import wave
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.browser import Browsers
from tests.browser.test_glasses import put_on
from tests.support.cloud import Cloud
from tests.support.cloud_fixtures import SERVER
from tests.support.speech_sound import sound_of

SCRIPTED = {"SPEECH_ENGINES": "scripted", "SPEECH_VAD": "energy"}


@pytest.fixture(scope="module")
def hearing_cloud(chromium: str) -> Iterator[Cloud]:
    """A cloud as `make run` starts it, with the engine whose hearing is known."""
    del chromium
    with Cloud(SCRIPTED, server=SERVER, arguments=("--demo", "--speech-workers", "1")) as running:
        yield running


@pytest.fixture
async def browsers(hearing_cloud: Cloud, chromium: str) -> AsyncIterator[Browsers]:
    async with Browsers(hearing_cloud, chromium) as opened:
        yield opened


async def test_what_is_said_stands_on_the_glasses(browsers: Browsers, tmp_path: Path) -> None:
    recording = tmp_path / "speech.wav"
    with wave.open(str(recording), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes(sound_of("turn left now") + sound_of("then right"))
    visitor = await put_on(browsers, "Live captions")
    page, display = visitor.page, visitor.page.locator("#display")
    await expect(page.locator("#microphone-state")).to_contain_text("microphone wanted")
    await expect(display).to_have_attribute("aria-label", "Listening…")

    await page.set_input_files("#wav", recording)

    await expect(display).to_have_attribute("aria-label", "turn left now\nthen right")
    assert visitor.complaints == []
