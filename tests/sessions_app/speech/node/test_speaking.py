"""Texts that are read aloud: by a worker with a voice, the next one when the first cannot."""

import asyncio

import pytest

from sessions_app.speech.node.speaking import CannotSpeak
from sessions_app.speech.wire import Speak, SpeakingEnded, SpeakingRefused, StopSpeaking
from tests.sessions_app.speech.node.conftest import Scene
from tests.support.speech import FakeSpeechWorker

HELLO = Speak(0, "hello", "en")


async def read_aloud(scene: Scene) -> list[bytes]:
    return [piece async for piece in scene.workers.speak(HELLO)]


async def test_sound_comes_as_it_is_made(scene: Scene) -> None:
    worker = await scene.worker(voices=("en",))
    spoken = scene.workers.speak(HELLO)
    first = asyncio.ensure_future(anext(spoken))
    request = (await worker.take(Speak)).request
    worker.send_spoken(request, b"mp3 ")
    assert await first == b"mp3 "
    worker.send_spoken(request, b"more")
    worker.send(SpeakingEnded(request))
    assert [piece async for piece in spoken] == [b"more"]
    assert not worker.got(StopSpeaking)


async def test_the_least_busy_worker_with_a_voice_speaks(scene: Scene) -> None:
    busy = await scene.worker("a", voices=("en",), load=0.9)
    idle = await scene.worker("b", voices=("en",), load=0.1)
    await scene.worker("mute", load=0.0)
    reading = asyncio.ensure_future(read_aloud(scene))
    idle.send(SpeakingEnded((await idle.take(Speak)).request))
    assert await reading == []
    assert not busy.got(Speak)


async def test_the_next_worker_is_asked_when_one_refuses(scene: Scene) -> None:
    first = await scene.worker("a", voices=("en",))
    second = await scene.worker("b", voices=("en",), load=0.5)
    reading = asyncio.ensure_future(read_aloud(scene))
    first.send(SpeakingRefused((await first.take(Speak)).request, "SPEECH_FULL", "busy"))
    request = (await second.take(Speak)).request
    second.send_spoken(request, b"mp3")
    second.send(SpeakingEnded(request))
    assert await reading == [b"mp3"]


async def test_the_last_refusal_is_told(scene: Scene) -> None:
    worker = await scene.worker(voices=("en",))
    reading = asyncio.ensure_future(read_aloud(scene))
    worker.send(SpeakingRefused((await worker.take(Speak)).request, "VOICE_UNSUPPORTED", "no such voice"))
    with pytest.raises(CannotSpeak, match="no such voice") as refused:
        await reading
    assert refused.value.code == "VOICE_UNSUPPORTED"


async def test_without_a_voice_the_caller_hears_how_to_get_one(scene: Scene) -> None:
    await scene.worker("mute")
    with pytest.raises(CannotSpeak, match="speech_worker") as refused:
        await read_aloud(scene)
    assert refused.value.code == "SPEECH_UNAVAILABLE"


async def test_a_worker_lost_in_mid_text_is_not_replaced(scene: Scene) -> None:
    worker = await scene.worker(voices=("en",))
    other = await scene.worker("w2", voices=("en",), load=0.9)
    spoken = scene.workers.speak(HELLO)
    first = asyncio.ensure_future(anext(spoken))
    worker.send_spoken((await worker.take(Speak)).request, b"mp3")
    assert await first == b"mp3"
    worker.hang_up()
    with pytest.raises(CannotSpeak) as lost:
        await anext(spoken)
    assert lost.value.code == "VOICE_FAILED"
    assert not other.got(Speak)


async def test_a_listener_that_leaves_stops_the_worker(scene: Scene) -> None:
    worker = await scene.worker(voices=("en",))
    spoken = scene.workers.speak(HELLO)
    first = asyncio.ensure_future(anext(spoken))
    request = (await worker.take(Speak)).request
    worker.send_spoken(request, b"mp3")
    await first
    await spoken.aclose()
    assert (await worker.take(StopSpeaking)).request == request


async def test_a_worker_that_is_lost_before_its_first_sound_is_soon_replaced(scene: Scene) -> None:
    lost = await scene.worker(voices=("en",))
    reading = asyncio.ensure_future(read_aloud(scene))
    await lost.take(Speak)
    lost.hang_up()
    with pytest.raises(CannotSpeak) as refused:
        await reading
    assert refused.value.code == "SPEECH_UNAVAILABLE"

    other = FakeSpeechWorker("w2", voices=("en",))
    scene.shown = {"w2": await other.start()}
    assert [facts.worker_id for facts in await scene.workers.speakers()] == ["w1"]
    scene.clock.advance(1.1)
    assert [facts.worker_id for facts in await scene.workers.speakers()] == ["w2"]
    await other.stop()
