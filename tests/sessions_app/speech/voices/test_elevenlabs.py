"""What is asked of ElevenLabs, and what becomes of its answers."""

from collections.abc import AsyncIterator
from contextlib import aclosing

import aiohttp
import pytest
from pytest_django import Settings

from sessions_app.speech.engine import EngineState, EngineTrouble, Utterance
from sessions_app.speech.voices.choice import make_voice
from sessions_app.speech.voices.elevenlabs import ElevenlabsVoice
from tests.support.hosted_web import KEY, Answer, HostedWeb

VOICE = "JBFqnCBsd6RMkjVDRZzb"
OTHER_VOICE = "21m00Tcm4TlvDq8ikWAM"
PATH = f"/v1/text-to-speech/{VOICE}/stream"
SOUND = Answer(pieces=(b"ID3", b"\xff\xfb" * 2000, b"end"))


@pytest.fixture
async def web() -> AsyncIterator[HostedWeb]:
    async with HostedWeb() as web:
        web.will_answer(PATH, SOUND)
        yield web


@pytest.fixture
async def voice(web: HostedWeb) -> AsyncIterator[ElevenlabsVoice]:
    voice = ElevenlabsVoice(KEY, web.url, VOICE, timeout=aiohttp.ClientTimeout(sock_read=0.2))
    await voice.load()
    yield voice
    await voice.close()


async def spoken(voice: ElevenlabsVoice, utterance: Utterance) -> bytes:
    async with aclosing(voice.speak(utterance)) as pieces:
        return b"".join([piece async for piece in pieces])


async def test_a_text_is_read_as_it_comes(web: HostedWeb, voice: ElevenlabsVoice) -> None:
    assert await spoken(voice, Utterance("Hello", "en-US")) == b"".join(SOUND.pieces)

    asked = web.asked[-1]
    assert (asked.method, asked.path, asked.query) == ("POST", PATH, "output_format=mp3_44100_64")
    assert asked.headers["xi-api-key"] == KEY
    assert asked.body == {"text": "Hello", "model_id": "eleven_flash_v2_5", "language_code": "en"}


async def test_settings_of_the_voice_are_passed_on(web: HostedWeb, voice: ElevenlabsVoice) -> None:
    web.will_answer(f"/v1/text-to-speech/{OTHER_VOICE}/stream", SOUND)
    wanted = Utterance(
        "Hola", "es", OTHER_VOICE, "eleven_multilingual_v2", stability=0.4, similarity_boost=0.0, speed=1.1
    )
    await spoken(voice, wanted)

    assert web.asked[-1].body == {
        "text": "Hola",
        "model_id": "eleven_multilingual_v2",
        "voice_settings": {"stability": 0.4, "similarity_boost": 0.0, "speed": 1.1},
    }


@pytest.mark.parametrize("name", ["elevenlabs", "../../v1/user", ""])
async def test_what_is_no_id_of_its_voices_gets_the_usual_one(
    web: HostedWeb, voice: ElevenlabsVoice, name: str
) -> None:
    await spoken(voice, Utterance("Hello", "en", name, model="gpt"))

    assert web.paths() == [PATH]
    assert web.asked[-1].body["model_id"] == "eleven_flash_v2_5"


async def test_it_reads_the_languages_of_its_model(voice: ElevenlabsVoice) -> None:
    assert voice.speaks(Utterance("Hei", "nb-NO"))
    assert not voice.speaks(Utterance("Shwmae", "cy"))


async def test_a_refusal_is_told_without_the_key_and_not_repeated(
    web: HostedWeb, voice: ElevenlabsVoice
) -> None:
    detail = {"status": "invalid_api_key", "message": f"Invalid API key {KEY}"}
    web.will_answer(PATH, Answer({"detail": detail}, status=401))
    for _ in range(2):
        with pytest.raises(EngineTrouble) as trouble:
            await spoken(voice, Utterance("Hello", "en"))
        assert trouble.value.code == "VOICE_FAILED"
        assert str(trouble.value) == "ElevenLabs answered 401: Invalid API key …"

    assert len(web.asked) == 1
    assert voice.report().state is EngineState.FAILED


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"detail": "Voice not found"}, "Voice not found"),
        ({"detail": [{"loc": ["body"], "msg": "field required", "type": "missing"}]}, "field required"),
    ],
)
async def test_a_request_it_does_not_take_is_told(
    web: HostedWeb, voice: ElevenlabsVoice, body: object, reason: str
) -> None:
    web.will_answer(PATH, Answer(body, status=422))

    with pytest.raises(EngineTrouble, match=f"answered 422: {reason}"):
        await spoken(voice, Utterance("Hello", "en"))
    assert voice.report().state is EngineState.READY


async def test_sound_that_breaks_off_is_trouble(web: HostedWeb, voice: ElevenlabsVoice) -> None:
    web.will_answer(PATH, Answer(pieces=(b"ID3",), breaks=True))

    with pytest.raises(EngineTrouble, match="cannot be reached"):
        await spoken(voice, Utterance("Hello", "en"))


async def test_a_provider_that_says_nothing_is_trouble(web: HostedWeb, voice: ElevenlabsVoice) -> None:
    web.open.clear()

    with pytest.raises(EngineTrouble, match="did not answer in time"):
        await spoken(voice, Utterance("Hello", "en"))


async def test_a_listener_may_leave(voice: ElevenlabsVoice) -> None:
    async with aclosing(voice.speak(Utterance("Hello", "en"))) as pieces:
        async for _ in pieces:
            assert voice.report().streams == 1
            break

    assert voice.report().streams == 0
    assert await spoken(voice, Utterance("Hello", "en")) == b"".join(SOUND.pieces)


async def test_without_a_key_it_is_missing(settings: Settings) -> None:
    settings.ELEVENLABS_API_KEY = ""
    voice = make_voice("elevenlabs")

    with pytest.raises(EngineTrouble, match="set ELEVENLABS_API_KEY"):
        await voice.load()
    assert voice.report().state is EngineState.MISSING
    await voice.close()
