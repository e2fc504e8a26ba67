"""The English voice begins before it has ended, keeps to English, and its speed can be chosen."""

import sys
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from sessions_app.speech.engine import EngineState, EngineTrouble, Utterance
from sessions_app.speech.voices.hibari import HibariVoice
from tests.support.mp3 import length_of

THREE = "This is the first sentence. Here is another one. And that was all."


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def voice() -> AsyncIterator[HibariVoice]:
    pytest.importorskip("hibari", reason="needs hibari-tts of requirements-speech.txt")
    made = HibariVoice()
    await made.load()
    yield made
    await made.close()


@pytest.mark.asyncio(loop_scope="module")
async def test_each_sentence_comes_as_soon_as_it_is_made(voice: HibariVoice) -> None:
    pieces = [piece async for piece in voice.speak(Utterance(THREE, "en"))]

    assert len(pieces) == 4
    assert 0.5 < length_of(pieces[0]) < length_of(b"".join(pieces)) / 2
    assert voice.report().state is EngineState.READY


@pytest.mark.asyncio(loop_scope="module")
async def test_the_same_text_sounds_the_same_and_faster_is_shorter(voice: HibariVoice) -> None:
    async def read(speed: float | None) -> bytes:
        return b"".join([piece async for piece in voice.speak(Utterance(THREE, "en", speed=speed))])

    usual = await read(None)
    assert await read(1.0) == usual
    assert length_of(await read(1.5)) < 0.8 * length_of(usual)


@pytest.mark.asyncio(loop_scope="module")
async def test_a_sentence_without_end_is_read_in_pieces(voice: HibariVoice) -> None:
    text = "and then we went on " * 30
    pieces = [piece async for piece in voice.speak(Utterance(text, "en"))]

    assert len(pieces) > 2
    assert length_of(b"".join(pieces)) > 20


def test_it_reads_english_in_latin_script_only() -> None:
    voice = HibariVoice()

    assert voice.speaks(Utterance("It is 21°C in the café.", "en-GB"))
    assert voice.speaks(Utterance("A hair is 70 µm thick.", "en"))
    assert voice.speaks(Utterance("The angle β is smaller than the others.", "en"))
    assert voice.speaks(Utterance("42", "en"))
    assert not voice.speaks(Utterance("Guten Tag", "de"))
    assert not voice.speaks(Utterance("Привет", "en"))
    assert not voice.speaks(Utterance("Hello 世界", "en"))


async def test_a_missing_library_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "hibari", None)
    voice = HibariVoice()

    with pytest.raises(EngineTrouble, match="pip install -r requirements-speech.txt"):
        await voice.load()
    assert voice.report().state is EngineState.MISSING
    with pytest.raises(EngineTrouble, match="not installed"):
        await anext(voice.speak(Utterance("Hello", "en")))
