"""Texts that are read aloud: a bounded number, as fast as the node reads, and no longer than it listens."""

import asyncio
from collections.abc import AsyncGenerator

import pytest
from pytest_django.fixtures import Settings

from sessions_app.speech import wire
from sessions_app.speech.engine import EngineReport, EngineState, EngineTrouble, Utterance
from sessions_app.speech.voices.reading import Voices
from sessions_app.speech.worker import process
from tests.support.speech_node import NodeEnd, becomes, running_worker

PIECES = [b"one", b"two", b"three"]


class Reader:
    """A voice of which a test says when it goes on."""

    name = "reader"
    version = "1"

    def __init__(self) -> None:
        self.may_go_on = asyncio.Event()
        self.read: list[Utterance] = []
        self.was_left = False

    async def load(self) -> None:
        """Nothing is to be loaded."""

    def speaks(self, utterance: Utterance) -> bool:
        return True

    async def speak(self, utterance: Utterance) -> AsyncGenerator[bytes, None]:
        self.read.append(utterance)
        if utterance.text == "wrong":
            raise EngineTrouble("VOICE_FAILED", "no breath")
        try:
            yield PIECES[0]
            await self.may_go_on.wait()
            for piece in PIECES[1:]:
                yield piece
        except GeneratorExit:
            self.was_left = True
            raise
        except asyncio.CancelledError:
            self.was_left = True
            raise

    def report(self) -> EngineReport:
        return EngineReport(self.name, EngineState.READY, "", ("en",))

    async def close(self) -> None:
        """Nothing is held."""


@pytest.fixture
async def reader(speech_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Reader:
    voice = Reader()
    monkeypatch.setattr(process, "make_voices", lambda names, folder, megabytes: Voices([voice], folder, 0))
    speech_settings.SPEECH_MOST_SPEAKING = 1
    return voice


async def test_a_text_comes_in_pieces_and_ends(reader: Reader) -> None:
    reader.may_go_on.set()
    async with running_worker() as worker:
        node = await NodeEnd.welcomed(worker.address)
        node.send(wire.Speak(3, "hello", language="en-US", speed=1.2))
        ended = await node.next(wire.SpeakingEnded)

        assert [spoken.sound for spoken in node.of(wire.Spoken)] == PIECES
        assert ended.request == 3
        assert (reader.read[0].language, reader.read[0].speed) == ("en-US", 1.2)
        assert worker.facts().voices == ("reader",)
        await node.close()


async def test_one_too_many_is_refused(reader: Reader) -> None:
    async with running_worker() as worker:
        node = await NodeEnd.welcomed(worker.address)
        node.send(wire.Speak(1, "first", language="en"))
        await node.next(wire.Spoken)
        node.send(wire.Speak(2, "second", language="en"))
        refused = await node.next(wire.SpeakingRefused)
        reader.may_go_on.set()
        await node.next(wire.SpeakingEnded)

        assert (refused.request, refused.code) == (2, "SPEECH_FULL")
        await node.close()


async def test_what_cannot_be_read_is_told(reader: Reader) -> None:
    async with running_worker() as worker:
        node = await NodeEnd.welcomed(worker.address)
        node.send(wire.Speak(1, "wrong", language="en"))
        refused = await node.next(wire.SpeakingRefused)

        assert (refused.code, refused.message) == ("VOICE_FAILED", "no breath")
        await node.close()


@pytest.mark.parametrize("leaves", [True, False])
async def test_nobody_is_read_to_who_does_not_listen(reader: Reader, leaves: bool) -> None:
    async with running_worker() as worker:
        node = await NodeEnd.welcomed(worker.address)
        node.send(wire.Speak(1, "long", language="en"))
        await node.next(wire.Spoken)
        if leaves:
            await node.close()
        else:
            node.send(wire.StopSpeaking(1))

        assert await becomes(lambda: reader.was_left)
        assert await becomes(lambda: worker.facts().speaking == 0)
        await node.close()
