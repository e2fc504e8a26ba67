"""The recognisers of one session: wanted, opened, moved, refused, let go."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from sessions_app.speech.node import line as lines
from sessions_app.speech.node.results import Outlets
from sessions_app.speech.node.session import SessionSpeech
from sessions_app.speech.wire import (
    ChannelLost,
    CloseChannel,
    ConfigureChannel,
    GotWords,
    OpenChannel,
    PhoneVoice,
    RecognizerWish,
    Settled,
    Sound,
    SoundDropped,
    TranslatedWords,
    Trouble,
    TroubleOver,
    Voice,
    Words,
)
from sessions_app.states import SessionId, SessionRef
from tests.sessions_app.speech.node.conftest import Scene
from tests.support.speech import FakeSpeechWorker

FRAME = bytes(640)
ENGLISH = RecognizerWish("en-US")
GERMAN = RecognizerWish("de-DE")


@pytest.fixture(autouse=True)
def no_signs_of_life_are_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time leaps here, and workers beat by the real clock."""
    monkeypatch.setattr(lines, "SILENT_SECONDS", 1_000_000.0)


async def until(holds: Callable[[], bool]) -> None:
    """Return once it holds."""
    async with asyncio.timeout(5):
        while True:
            if holds():
                return
            await asyncio.sleep(0)


class Ada:
    """A session with speech; keeps what it was told, and waits for it."""

    def __init__(self, scene: Scene, generation: int = 1) -> None:
        self.scene = scene
        self.told: list[Any] = []
        self.unheard = 0
        self._came = asyncio.Event()
        ref = SessionRef(SessionId("s1"), "ada@example.com", 1, generation)
        outlets = Outlets(self._keep, self._keep, self._keep, self._count, lambda: self._keep("changed"))
        self.speech = SessionSpeech(ref, scene.workers, outlets, scene.clock)

    def want(self, *wishes: RecognizerWish, voice: bool = False) -> None:
        self.speech.want(wishes, voice)

    def talk(self, frames: int = 5) -> None:
        for _ in range(frames):
            self.scene.clock.advance(0.02)
            self.speech.audio(FRAME)

    @property
    def code(self) -> str:
        """Why no worker has the session."""
        return "" if self.speech.problem is None else self.speech.problem.code

    async def until(self, *items: Any) -> None:
        """Return once all of these were told."""
        async with asyncio.timeout(5):
            while not all(item in self.told for item in items):
                self._came.clear()
                await self._came.wait()

    async def opened(self, worker: FakeSpeechWorker, number: int = 1) -> OpenChannel:
        """Return the question to the worker, once its answer was heard."""
        wish = await worker.take(OpenChannel, number)
        await until(lambda: self.speech.is_open)
        return wish

    def _keep(self, item: Any) -> None:
        self.told.append(item)
        self._came.set()

    def _count(self, samples: int) -> None:
        self.unheard += samples


def final(number: int, utterance: str = "u1", start: int = 0, end: int = 50, channel: int = 1) -> Words:
    return Words(channel, "en-US", utterance, "hi", True, start, end, "en", "scripted", number=number)


def interim(utterance: str = "u1", start: int = 0, end: int = 40) -> Words:
    return Words(1, "en-US", utterance, "h", False, start, end, "en", "scripted")


async def talking(scene: Scene) -> tuple[FakeSpeechWorker, Ada]:
    worker, ada = await scene.worker(), Ada(scene)
    ada.want(ENGLISH)
    ada.talk()
    await ada.opened(worker)
    await worker.hear(5 * 320)
    return worker, ada


async def test_sound_reaches_the_worker_whole_and_in_order(scene: Scene) -> None:
    worker, ada = await talking(scene)
    ada.talk(2)
    sound = await worker.hear(7 * 320)
    assert [each.position for each in sound] == [number * 320 for number in range(7)]
    wish = worker.got(OpenChannel)[0]
    assert (wish.session_id, wish.generation, wish.position, wish.recognizers) == ("s1", 1, 0, (ENGLISH,))


async def test_without_a_wish_nothing_is_sent(scene: Scene) -> None:
    worker, ada = await scene.worker(), Ada(scene)
    ada.talk()
    ada.want(ENGLISH)
    ada.talk(1)
    assert (await ada.opened(worker)).position == 0
    assert len(await worker.hear(320)) == 1


async def test_a_change_of_wishes_goes_over_the_same_channel(scene: Scene) -> None:
    worker, ada = await talking(scene)
    ada.want(ENGLISH, GERMAN)
    ada.want(ENGLISH, GERMAN)
    assert (await worker.take(ConfigureChannel)).recognizers == (ENGLISH, GERMAN)
    ada.want(GERMAN, voice=True)
    assert await worker.take(ConfigureChannel, 2) == ConfigureChannel(1, (GERMAN,), True)


async def test_when_nothing_is_wanted_the_channel_closes(scene: Scene) -> None:
    worker, ada = await talking(scene)
    ada.want()
    assert (await worker.take(CloseChannel)).keep_seconds == 0
    ada.talk()
    ada.want(ENGLISH)
    ada.talk(1)
    assert (await ada.opened(worker, 2)).position == 5 * 320


async def test_words_reach_the_apps_and_finals_are_confirmed(scene: Scene) -> None:
    worker, ada = await talking(scene)
    translated = TranslatedWords(
        1, "en-US", "de-DE", "u1", "hallo", "hi", True, 0, 50, "en", "scripted", number=2
    )
    worker.send(interim(), final(1), final(1), translated)
    await ada.until(interim(), final(1), translated)
    assert await worker.take(GotWords, 3) == GotWords(1, 2)
    assert ada.told.count(final(1)) == 1


async def test_a_dead_workers_session_moves_with_all_sound_that_was_not_settled(scene: Scene) -> None:
    worker, ada = await talking(scene)
    worker.send(Settled(1, 640), interim("u1", 45, 90))
    await ada.until(interim("u1", 45, 90))
    second = await scene.worker("w2")
    await worker.stop()
    wish = await second.take(OpenChannel)
    assert (wish.position, wish.utterance, wish.heard) == (640, "u1", 0)
    ada.talk(1)
    sound = await second.hear(4 * 320)
    assert [each.position for each in sound] == [640, 960, 1_280, 1_600]


async def test_what_both_workers_heard_is_told_once(scene: Scene) -> None:
    worker, ada = await talking(scene)
    worker.send(final(1, "u1", 0, 50))
    await ada.until(final(1, "u1", 0, 50))
    second = await scene.worker("w2")
    await worker.stop()
    wish = await ada.opened(second)
    assert wish.heard == 1
    again, new = final(2, "u1", 0, 52), final(3, "u2", 60, 99)
    second.send(again, new)
    await ada.until(new)
    assert again not in ada.told


async def test_a_resumed_worker_gets_only_what_it_lacks(scene: Scene) -> None:
    worker, ada = await talking(scene)
    worker.has_until = 4 * 320
    worker.hang_up()
    await ada.opened(worker, 2)
    sound = await worker.hear(6 * 320)
    assert sound[5:] == [Sound(1, 4 * 320, FRAME)]


async def test_a_full_worker_is_passed_over(scene: Scene) -> None:
    workers = [await scene.worker("a"), await scene.worker("b")]
    first, second = sorted(
        workers, key=lambda each: each.worker_id != scene.workers.candidates("s1")[0].worker_id
    )
    first.refuses = "SPEECH_FULL"
    ada = Ada(scene)
    ada.want(ENGLISH)
    ada.talk(1)
    await ada.opened(second)
    assert not ada.code
    assert len(first.got(OpenChannel)) == 1


async def test_when_all_are_full_apps_hear_it_once_and_it_is_tried_again(scene: Scene) -> None:
    worker, ada = await scene.worker(), Ada(scene)
    worker.refuses = "SPEECH_FULL"
    ada.want(ENGLISH)
    ada.talk(1)
    await ada.until("changed")
    assert ada.code == "SPEECH_FULL"
    ada.told.clear()
    for tries, seconds in ((2, 1.0), (3, 2.0)):
        ada.talk(1)
        assert len(worker.got(OpenChannel)) == tries - 1
        await scene.clock.pass_time(seconds)
        await worker.take(OpenChannel, tries)
        await until(lambda: ada.speech._placing.rests)
    assert "changed" not in ada.told
    worker.refuses = ""
    ada.talk(1)
    await scene.clock.pass_time(5.0)
    await ada.opened(worker, 4)
    assert not ada.code
    assert "changed" in ada.told


async def test_without_a_worker_sound_waits_for_one(scene: Scene) -> None:
    ada = Ada(scene)
    ada.want(ENGLISH)
    ada.talk(3)
    await scene.no_worker_comes()
    assert ada.code == "SPEECH_UNAVAILABLE"
    worker = await scene.worker()
    assert (await ada.opened(worker)).position == 0
    assert len(await worker.hear(3 * 320)) == 3
    assert not ada.code


async def test_sound_that_waits_too_long_is_given_up_and_counted(scene: Scene) -> None:
    ada = Ada(scene)
    ada.want(ENGLISH)
    ada.talk(31 * 50)
    assert ada.unheard == 16_000


async def test_sound_that_a_worker_has_is_not_counted_when_it_is_not_kept_any_more(scene: Scene) -> None:
    _, ada = await talking(scene)
    ada.talk(31 * 50)
    assert ada.unheard == 0


async def test_a_worker_that_never_answers_is_given_up(scene: Scene) -> None:
    ada = Ada(scene)
    workers = [await scene.worker("a"), await scene.worker("b")]
    for worker in workers:
        worker.refuses = "never"
    first = scene.workers.candidates("s1")[0].worker_id
    silent, other = sorted(workers, key=lambda each: each.worker_id != first)
    silent.is_mute, other.refuses = True, ""
    ada.want(ENGLISH)
    ada.talk(1)
    await silent.take(OpenChannel)
    ada.talk(80)
    await ada.opened(other)
    await silent.take(CloseChannel)


async def test_a_draining_worker_gives_the_session_to_another(scene: Scene) -> None:
    worker, ada = await talking(scene)
    second = await scene.worker("w2")
    worker.send(ChannelLost(1, "SPEECH_DRAINING"))
    assert (await ada.opened(second)).position == 0
    assert len(await second.hear(5 * 320)) == 5


async def test_a_session_of_a_newer_owner_is_left_alone(scene: Scene) -> None:
    worker, ada = await talking(scene)
    second = await scene.worker("w2")
    worker.send(ChannelLost(1, "SPEECH_STALE"), Voice(1, True, 0))
    await until(lambda: not ada.speech.is_open)
    ada.talk(5)
    assert not second.got(OpenChannel)
    assert not ada.code


async def test_the_phones_word_on_voices_is_passed_on_and_counts(scene: Scene) -> None:
    worker, ada = await scene.worker(), Ada(scene)
    ada.want(ENGLISH, voice=True)
    ada.talk(1)
    await ada.opened(worker)
    worker.send(Voice(1, True, 0))
    await ada.until(True)
    ada.speech.phone_voice(False)
    assert await worker.take(ConfigureChannel) == ConfigureChannel(1, (ENGLISH,), False)
    assert await worker.take(PhoneVoice) == PhoneVoice(1, False)
    worker.send(Voice(1, False, 0), final(1))
    await ada.until(final(1))
    assert False not in ada.told


async def test_another_phone_may_not_say_whether_somebody_speaks(scene: Scene) -> None:
    worker, ada = await scene.worker(), Ada(scene)
    ada.want(ENGLISH, voice=True)
    ada.speech.phone_voice(True)
    ada.talk(1)
    assert (await ada.opened(worker)).wants_voice is False
    assert await worker.take(PhoneVoice) == PhoneVoice(1, True)
    ada.speech.phone_changed()
    assert await worker.take(ConfigureChannel) == ConfigureChannel(1, (ENGLISH,), True)
    assert not worker.got(CloseChannel)


async def test_a_long_silence_frees_the_worker_until_sound_comes(scene: Scene) -> None:
    worker, ada = await talking(scene)
    scene.clock.advance(20)
    ada.talk(1)
    scene.clock.advance(29)
    assert ada.speech.is_open
    scene.clock.advance(2)
    assert (await worker.take(CloseChannel)).keep_seconds == 0
    ada.talk(1)
    wish = await ada.opened(worker, 2)
    assert wish.position == pytest.approx(51.1 * 16_000, abs=1_600)


async def test_troubles_are_told_until_they_are_over(scene: Scene) -> None:
    worker, ada = await talking(scene)
    worker.send(Trouble(1, "en-US", "SPEECH_ENGINE_FAILED", "no credentials"))
    await ada.until("changed")
    assert ada.speech.troubles["en-US", ""].code == "SPEECH_ENGINE_FAILED"
    ada.told.clear()
    worker.send(TroubleOver(1, "en-US"), TroubleOver(1, "fr-FR"))
    await ada.until("changed")
    assert not ada.speech.troubles


async def test_what_the_worker_could_not_hear_is_counted(scene: Scene) -> None:
    worker, ada = await talking(scene)
    worker.send(SoundDropped(1, 3_200), final(1))
    await ada.until(final(1))
    assert ada.unheard == 3_200


async def test_the_next_owner_goes_on_at_the_same_worker(scene: Scene) -> None:
    worker, ada = await talking(scene)
    await scene.worker("w2")
    worker.send(final(1))
    await ada.until(final(1))
    kept = ada.speech.snapshot()
    ada.speech.close(keep_seconds=10)
    assert (await worker.take(CloseChannel)).keep_seconds == 10
    worker.has_until = 5 * 320
    other = Ada(scene, generation=2)
    other.speech.restore(kept)
    other.want(ENGLISH)
    other.talk(1)
    wish = await other.opened(worker, 2)
    assert (wish.generation, wish.heard, wish.position) == (2, 1, 5 * 320)


async def test_a_closed_session_does_nothing_more(scene: Scene) -> None:
    worker, ada = await talking(scene)
    ada.speech.close()
    await worker.take(CloseChannel)
    ada.speech.want((GERMAN,), False)
    ada.speech.phone_voice(True)
    ada.talk(5)
    assert len(worker.got(OpenChannel)) == 1
