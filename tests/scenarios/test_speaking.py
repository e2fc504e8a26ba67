"""What an app has read aloud, a phone gets as sound: by a signed address, at any node, while it is made."""

import asyncio
import shutil
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import aiohttp
import pytest

from sessions_app.simulator.hardware import Hardware
from sessions_app.simulator.phone import SimulatedPhone
from tests.support.cloud import Cloud
from tests.support.cloud_fixtures import KNOWN_SECRET, SERVER
from tests.support.mp3 import length_of
from tests.support.python_app import used_app
from tests.support.stage import Stage, staged

SETTINGS = {"SPEECH_ENGINES": "scripted", "SPEECH_VAD": "energy", "SPEECH_TRANSLATORS": "whisper"}
THREE = "The train leaves at nine. Do not forget your ticket. Have a good journey."
VOICE_SECONDS = 20


@pytest.fixture(scope="module")
def speaking_cloud() -> Iterator[Cloud]:
    """Two nodes and a speech worker with voices."""
    pytest.importorskip("hibari", reason="needs hibari-tts of requirements-speech.txt")
    arguments = ("--no-demo", "--speech-workers", "1")
    with Cloud(KNOWN_SECRET | SETTINGS, server=SERVER, nodes=2, arguments=arguments) as running:
        yield running


@pytest.fixture
async def stage(speaking_cloud: Cloud) -> AsyncIterator[Stage]:
    async for made in staged(speaking_cloud):
        yield made


@pytest.fixture
async def web() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@dataclass
class Heard:
    """An answer; times are seconds since the question."""

    status: int
    headers: dict[str, str]
    body: bytes
    first_after: float
    ended_after: float


async def listen(web: aiohttp.ClientSession, url: str, token: str = "") -> Heard:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    began = time.monotonic()
    async with web.get(url, headers=headers) as answer:
        body = await answer.content.readany()
        first_after = time.monotonic() - began
        body += await answer.content.read()
        return Heard(answer.status, dict(answer.headers), body, first_after, time.monotonic() - began)


async def heard_once_voices_are_loaded(web: aiohttp.ClientSession, url: str, token: str = "") -> Heard:
    """Ask as a client does that is told when to try again."""
    async with asyncio.timeout(VOICE_SECONDS):
        while (heard := await listen(web, url, token)).status == 503:
            assert "Retry-After" in heard.headers
            await asyncio.sleep(0.2)
    return heard


async def test_a_phone_plays_what_an_app_says(stage: Stage, web: aiohttp.ClientSession) -> None:
    ada = await stage.person()
    app = await stage.raw_app(ada)
    phone = await stage.phone(ada)
    socket = await stage.start_c(phone, ada, app)
    address = f"/api/tts?text={quote(THREE)}&model_id=eleven_flash_v2_5&voice_settings=%7B%22speed%22%3A1%7D"
    kept_before = _kept_by(stage)
    await socket.send("audio_play_request", requestId="a1", audioUrl=address, stopOtherAudio=True, trackId=2)
    asked = await phone.take("audio_play_request", requestId="a1")
    link = asked["audioUrl"]
    assert link.startswith(f"{stage.cloud.url}/api/tts?text=The+train")

    sound = await heard_once_voices_are_loaded(web, link)
    assert (sound.status, sound.headers["Content-Type"]) == (200, "audio/mpeg")
    assert length_of(sound.body) > 3
    assert "Content-Length" not in sound.headers
    await phone.send("audio_play_response", requestId="a1", success=True)
    await socket.take("audio_play_response", requestId="a1", success=True)

    elsewhere = await listen(web, link.replace(f":{stage.cloud.port}/", f":{stage.cloud.port + 1}/"))
    assert (elsewhere.status, elsewhere.body) == (200, sound.body)
    assert (await listen(web, link.replace("nine", "eight"))).status == 401
    async with web.head(link) as head:
        assert (head.status, head.headers["Content-Type"]) == (200, "audio/mpeg")
    assert [file.read_bytes() for file in _kept_by(stage) - kept_before] == [sound.body]


def _kept_by(stage: Stage) -> set[Path]:
    return set((stage.cloud.data_dir / "speech-cache").glob("*.mp3"))


async def test_what_an_app_in_python_says_is_heard(stage: Stage, web: aiohttp.ClientSession) -> None:
    ada, hardware = await stage.person(), Hardware()
    await heard_once_voices_are_loaded(web, f"{stage.cloud.url}/api/tts?text=Hi", ada.token)
    async with SimulatedPhone(stage.cloud.url, ada.token, hardware=hardware) as phone:
        session = await used_app(stage, ada, phone)
        result = await session.speaker.speak(THREE, stop_other_audio=True)
    assert (result.duration_seconds or 0) > 0
    assert length_of(bytes(hardware.speaker.played[0].data)) > 3


async def test_sound_begins_long_before_it_ends(stage: Stage, web: aiohttp.ClientSession) -> None:
    ada = await stage.person()
    text = "".join(f"This is sentence number {number} of a long story. " for number in range(1, 26))
    url = f"{stage.cloud.url}/api/audio/tts?text={quote(text)}"

    fresh = await heard_once_voices_are_loaded(web, url, ada.token)
    assert fresh.status == 200
    assert fresh.first_after < fresh.ended_after / 2
    assert length_of(fresh.body) > 50
    again = await listen(web, url, ada.token)
    assert again.body == fresh.body
    assert again.ended_after < fresh.ended_after / 2


@pytest.mark.skipif(not shutil.which("espeak-ng"), reason="needs `apt-get install espeak-ng`")
async def test_german_is_read_too(stage: Stage, web: aiohttp.ClientSession) -> None:
    ada = await stage.person()
    url = f"{stage.cloud.url}/api/tts?text={quote('Wo ist der nächste Bahnhof?')}"

    guessed = await heard_once_voices_are_loaded(web, url, ada.token)
    named = await listen(web, f"{url}&language=de-DE", ada.token)
    english = await listen(web, f"{url}&language=en", ada.token)

    assert length_of(guessed.body) == length_of(named.body) > 1
    assert length_of(english.body) != length_of(named.body)


async def test_what_cannot_be_read_is_answered_with_what_can(
    stage: Stage, web: aiohttp.ClientSession
) -> None:
    ada = await stage.person()
    url = f"{stage.cloud.url}/api/tts"
    await heard_once_voices_are_loaded(web, f"{url}?text=Hi", ada.token)

    unknown = await listen(web, f"{url}?text=Hi&language=tzz", ada.token)
    assert unknown.status == 400
    assert b"languages that work:" in unknown.body
    assert (await listen(web, f"{url}?text=Hi")).status == 401
    assert (await listen(web, url, ada.token)).body == (
        b'{"success":false,"message":"Text parameter is required"}'
    )


async def test_a_killed_worker_keeps_nobody_waiting(stage: Stage, web: aiohttp.ClientSession) -> None:
    ada = await stage.person()
    text = "".join(f"The worker will not see the end of sentence {number}. " for number in range(40))
    url = f"{stage.cloud.url}/api/tts?text={quote(text)}"
    await heard_once_voices_are_loaded(web, f"{stage.cloud.url}/api/tts?text=Hi", ada.token)

    async with web.get(url, headers={"Authorization": f"Bearer {ada.token}"}) as answer:
        begun = await answer.content.readany()
        stage.cloud.part("speech_worker").kill()
        async with asyncio.timeout(5):
            begun += await answer.content.read()
    refused = await listen(web, url, ada.token)

    assert 0 < length_of(begun) < 60
    assert (refused.status, "Retry-After" in refused.headers) == (503, True)
    assert b"speech worker" in refused.body
