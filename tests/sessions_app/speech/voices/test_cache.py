"""Speech is kept whole or not at all, within its room, and no broken disk keeps anybody from hearing."""

import os
import time
from dataclasses import replace
from pathlib import Path

import pytest

from sessions_app.speech.engine import Utterance
from sessions_app.speech.voices.cache import SpeechCache, key_of
from tests.support.voices import FakeVoice

VOICE = FakeVoice("english", "en")
SAID = Utterance("Hello", "en")


async def kept(cache: SpeechCache, key: str, sound: bytes) -> None:
    async with cache.keep(key) as pieces:
        pieces.append(sound)


async def found(cache: SpeechCache, key: str) -> bytes | None:
    pieces = await cache.find(key)
    return None if pieces is None else b"".join(pieces)


@pytest.mark.parametrize(
    "other",
    [
        replace(SAID, text="hello"),
        replace(SAID, language="de"),
        replace(SAID, speed=1.2),
        replace(SAID, voice="x"),
        replace(SAID, style=0.0),
    ],
)
def test_everything_that_is_heard_is_in_the_key(other: Utterance) -> None:
    assert key_of(VOICE, other) != key_of(VOICE, SAID)


def test_voice_and_version_are_in_the_key() -> None:
    keys = {key_of(voice, SAID) for voice in (VOICE, FakeVoice("many"), FakeVoice("english", version="2"))}
    assert len(keys) == 3
    assert key_of(FakeVoice("english"), replace(SAID)) in keys


async def test_a_sound_comes_back_in_pieces(tmp_path: Path) -> None:
    cache, sound = SpeechCache(tmp_path / "new", 1_000_000), os.urandom(40_000)
    await kept(cache, "k", sound)

    pieces = await cache.find("k")
    assert pieces is not None
    assert [len(piece) for piece in pieces] == [16_384, 16_384, 7_232]
    assert await found(cache, "k") == sound
    assert await cache.find("other") is None


async def test_an_interrupted_sound_is_not_kept(tmp_path: Path) -> None:
    cache = SpeechCache(tmp_path, 1_000)
    with pytest.raises(RuntimeError):
        async with cache.keep("k") as pieces:
            pieces.append(b"half")
            raise RuntimeError

    assert await cache.find("k") is None
    assert not os.listdir(tmp_path)


async def test_the_longest_unused_goes_first(tmp_path: Path) -> None:
    cache = SpeechCache(tmp_path, 300)
    for number, age in ((1, 30), (2, 20), (3, 10)):
        await kept(cache, f"{number}", b"x" * 100)
        os.utime(tmp_path / f"{number}.mp3", (time.time() - age,) * 2)
    assert await found(cache, "1") is not None
    await kept(cache, "4", b"x" * 100)

    assert sorted(os.listdir(tmp_path)) == ["1.mp3", "3.mp3", "4.mp3"]


async def test_what_a_killed_process_left_is_cleared_later(tmp_path: Path) -> None:
    fresh, old = tmp_path / "a.1.part", tmp_path / "b.2.part"
    for path in (fresh, old):
        path.write_bytes(b"half")
    os.utime(old, (time.time() - 7_200,) * 2)
    await kept(SpeechCache(tmp_path, 1_000), "k", b"sound")

    assert sorted(os.listdir(tmp_path)) == ["a.1.part", "k.mp3"]


async def test_a_folder_that_cannot_be_written_is_no_trouble(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("in the way")
    cache = SpeechCache(tmp_path / "file", 1_000)
    await kept(cache, "k", b"sound")

    assert await cache.find("k") is None
    assert "Speech cannot be kept" in caplog.text


async def test_without_room_nothing_is_written(tmp_path: Path) -> None:
    cache = SpeechCache(tmp_path / "new", 0)
    await kept(cache, "k", b"sound")

    assert await cache.find("k") is None
    assert not os.listdir(tmp_path)
