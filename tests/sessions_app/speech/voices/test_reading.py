"""A text is read by the first voice that can, once; the next takes over, and what cannot be read says why."""

import os
from contextlib import aclosing
from pathlib import Path

import pytest

from sessions_app.speech.engine import EngineTrouble, Utterance
from sessions_app.speech.voices.reading import Voices
from tests.support.voices import FakeVoice


async def heard(voices: Voices, text: str, language: str = "", voice: str = "", model: str = "") -> bytes:
    return b"".join([piece async for piece in voices.speak(Utterance(text, language, voice, model))])


async def test_the_first_voice_of_the_language_reads(tmp_path: Path) -> None:
    english, many = FakeVoice("english", "en"), FakeVoice("many", "en", "de")
    voices = Voices([english, many], tmp_path, 1)

    assert await heard(voices, "Hello you") == b"<english Hello><english you>"
    assert await heard(voices, "Wo ist der Bahnhof") == b"<many Wo><many ist><many der><many Bahnhof>"
    assert await heard(voices, "Hello", language="de") == b"<many Hello>"
    assert [said.language for said in (*english.said, *many.said)] == ["en", "de", "de"]


async def test_voices_and_models_of_other_providers_mean_the_first_one(tmp_path: Path) -> None:
    voices = Voices([FakeVoice("english", "en"), FakeVoice("many", "en")], tmp_path, 0)

    foreign = await heard(voices, "Hello", voice="21m00Tcm4TlvDq8ikWAM", model="eleven_flash_v2_5")
    assert foreign == b"<english Hello>"
    assert await heard(voices, "Hello", voice="many") == b"<many Hello>"


async def test_what_was_read_once_comes_from_the_disk(tmp_path: Path) -> None:
    voice = FakeVoice("english", "en")
    voices = Voices([voice], tmp_path, 1)

    first = await heard(voices, "Hello you")
    assert await heard(Voices([voice], tmp_path, 1), "Hello you") == first
    assert await heard(voices, "Hello you") == first
    assert len(voice.said) == 1


async def test_a_new_version_of_a_voice_reads_anew(tmp_path: Path) -> None:
    await heard(Voices([FakeVoice("english", "en")], tmp_path, 1), "Hello")
    newer = FakeVoice("english", "en", version="2")
    await heard(Voices([newer], tmp_path, 1), "Hello")

    assert len(newer.said) == 1


async def test_a_voice_that_fails_at_once_leaves_the_text_to_the_next(tmp_path: Path) -> None:
    voices = Voices([FakeVoice("broken", "en", breaks_at=0), FakeVoice("many", "en")], tmp_path, 1)

    assert await heard(voices, "Hello you") == b"<many Hello><many you>"


async def test_a_voice_that_breaks_in_the_middle_is_not_continued_nor_kept(tmp_path: Path) -> None:
    broken = FakeVoice("broken", "en", breaks_at=1)
    voices = Voices([broken, FakeVoice("many", "en")], tmp_path, 1)
    for _ in range(2):
        got = []
        with pytest.raises(EngineTrouble, match="broken broke"):
            async for piece in voices.speak(Utterance("Hello you")):
                got.append(piece)
        assert got == [b"<broken Hello>"]
    assert len(broken.said) == 2


async def test_who_leaves_early_ends_the_voice_and_keeps_nothing(tmp_path: Path) -> None:
    voice = FakeVoice("english", "en")
    voices = Voices([voice], tmp_path, 1)
    async with aclosing(voices.speak(Utterance("Hello you"))) as pieces:
        assert await anext(pieces) == b"<english Hello>"

    assert voice.is_closed == 1
    assert not os.listdir(tmp_path)


async def test_a_language_nobody_reads_is_refused_with_those_that_work(tmp_path: Path) -> None:
    voices = Voices([FakeVoice("english", "en"), FakeVoice("many", missing="Install eSpeak NG")], tmp_path, 1)
    await voices.load()

    with pytest.raises(EngineTrouble, match="'de'.*languages that work: en. Install eSpeak NG") as raised:
        await heard(voices, "Hallo", language="de-DE")
    assert raised.value.code == "VOICE_UNSUPPORTED"
    assert voices.names() == ("english",)


async def test_without_any_voice_the_error_says_what_to_install(tmp_path: Path) -> None:
    voices = Voices([FakeVoice("many", missing="Install eSpeak NG")], tmp_path, 1)

    with pytest.raises(EngineTrouble, match="No voice can be used: Install eSpeak NG") as raised:
        await heard(voices, "Hello")
    assert raised.value.code == "VOICE_FAILED"


async def test_a_text_without_sound_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(EngineTrouble, match="nothing in this text") as raised:
        await heard(Voices([FakeVoice("english", "en", mute=True)], tmp_path, 1), "...")
    assert raised.value.code == "VOICE_UNSUPPORTED"


async def test_too_many_texts_at_once_are_refused(tmp_path: Path) -> None:
    voices = Voices([FakeVoice("english", "en")], tmp_path, 0)
    open_ones = [voices.speak(Utterance("Hello you")) for _ in range(16)]
    for one in open_ones:
        await anext(one)

    with pytest.raises(EngineTrouble, match="Too many texts") as raised:
        await heard(voices, "Hello")
    assert raised.value.code == "SPEECH_FULL"
    for one in open_ones:
        await one.aclose()
    assert await heard(voices, "Hello") == b"<english Hello>"
