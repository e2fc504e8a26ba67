"""Somebody who speaks into glasses, and what apps have heard of it. The scripted engine understands the sound."""

import asyncio

from tests.support.inbox import PATIENCE_SECONDS, Item
from tests.support.speech_sound import frames_of, sound_of
from tests.support.wire import RawApp, RawPhone

FRAME_SECONDS = 0.02
# Speech takes less time here than from people's mouths, and no frame is ahead of its time by much.
HASTE = 3.0


async def talk(phone: RawPhone, text: str, *, ends: bool = True, haste: float = HASTE) -> None:
    """Speak some words; with `ends`, fall silent afterwards."""
    await send_sound(phone, sound_of(text, ends=ends), haste)


async def send_sound(phone: RawPhone, sound: bytes, haste: float = HASTE) -> None:
    """Send sound in frames of 20 ms, so many times as fast as time passes."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    for number, frame in enumerate(frames_of(sound)):
        await asyncio.sleep(max(0.0, began + number * FRAME_SECONDS / haste - loop.time()))
        await phone.send_raw(frame)


def heard(app: RawApp, stream: str) -> list[Item]:
    """Return what came under one name, interim and final, oldest first."""
    return [message["data"] for message in app.inbox.seen(type="data_stream", streamType=stream)]


def finals(app: RawApp, stream: str) -> list[Item]:
    """Return the final ones."""
    return [data for data in heard(app, stream) if data["isFinal"]]


def said(app: RawApp, stream: str) -> str:
    """Return all words that were heard finally."""
    return " ".join(data["text"] for data in finals(app, stream))


async def take_final(app: RawApp, stream: str, seconds: float = PATIENCE_SECONDS) -> Item:
    """Wait for the next final under one name."""
    taken = await app.take("data_stream", seconds, streamType=stream, data={"isFinal": True})
    data: Item = taken["data"]
    return data


async def take_interim(app: RawApp, stream: str, seconds: float = PATIENCE_SECONDS) -> Item:
    """Wait for the next interim result under one name."""
    taken = await app.take("data_stream", seconds, streamType=stream, data={"isFinal": False})
    data: Item = taken["data"]
    return data


def assert_told_once(app: RawApp, stream: str, text: str) -> None:
    """All words came finally, once and in order, and nothing of an utterance came after its final."""
    assert said(app, stream) == text
    ended: set[str] = set()
    for data in heard(app, stream):
        assert data["utteranceId"] not in ended, data
        if data["isFinal"]:
            ended.add(data["utteranceId"])
    times = [(data["startTime"], data["endTime"]) for data in finals(app, stream)]
    assert times == sorted(times)
