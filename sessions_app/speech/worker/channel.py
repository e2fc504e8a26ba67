"""One session on this worker: its sound is cut into utterances, which every recogniser of the session is given."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from sessions_app.speech import wire
from sessions_app.speech.engine import EngineTrouble, Heard
from sessions_app.speech.translation.routes import Translated, Translations
from sessions_app.speech.wire import SAMPLE_BYTES, SAMPLE_RATE
from sessions_app.speech.worker.cutting import Began, Cut, Cutter, Limits, More
from sessions_app.speech.worker.detecting import Ear
from sessions_app.speech.worker.engine_set import Engines
from sessions_app.speech.worker.intake import Intake, Mark, Marked, Step
from sessions_app.speech.worker.load import Load
from sessions_app.speech.worker.passage import Passage, new_name
from sessions_app.speech.worker.telling import Line, Telling
from sessions_app.speech.worker.track import Track, TrackLimits

logger = logging.getLogger(__name__)

SETTLED_SECONDS = 1.0


@dataclass(frozen=True)
class ChannelLimits:
    """How utterances are cut, how long sound may be missing, how much may wait."""

    cutting: Limits = field(default_factory=Limits)
    track: TrackLimits = field(default_factory=TrackLimits)
    missing_seconds: float = 1.5
    most_waiting_seconds: float = 30.0


@dataclass(frozen=True)
class Shop:
    """What all channels of a worker share; `wake` says that there is something to hear."""

    engines: Engines
    translations: Translations
    load: Load
    limits: ChannelLimits
    wake: Callable[[], None]


class Channel:
    """Takes sound and marks; tells words, and up to where nothing needs hearing again.

    It outlives the connection it came by.
    """

    def __init__(self, wanted: wire.OpenChannel, shop: Shop, ear: Ear) -> None:
        self.session_id = wanted.session_id
        self.generation = wanted.generation
        self.ear = ear
        self.is_listened_to = False
        self.telling = Telling()
        self.intake = Intake(wanted.position, int(shop.limits.most_waiting_seconds * SAMPLE_RATE))
        self._shop = shop
        self._cutter = Cutter(shop.limits.cutting, wanted.position)
        self._tracks: dict[str, Track] = {}
        self._passage: Passage | None = None
        self._next_name = wanted.utterance
        self._settled: tuple[int, str] = (-1, "")
        self._settled_at = float("-inf")
        self._missing: asyncio.TimerHandle | None = None
        self._closing: set[asyncio.Task[None]] = set()

    @property
    def is_speaking(self) -> bool:
        """Whether an utterance is under way."""
        return self._passage is not None

    @property
    def is_busy(self) -> bool:
        """Whether something is to be heard, or results of it are to come."""
        awaited = any(track.oldest for track in self._tracks.values())
        return self.is_speaking or awaited or self.intake.has_marks or self.is_listened_to

    def attach(self, line: Line, wanted: wire.OpenChannel) -> None:
        """Give the session to a connection, and tell it what it does not know."""
        self.generation = wanted.generation
        self.telling.attach(line, wanted.channel, self.intake.expected, wanted.heard)
        for track in self._tracks.values():
            track.troubles.tell_again()
        self._settled = (-1, "")
        self.configure(wanted.recognizers, wants_voice=wanted.wants_voice)

    def configure(self, wishes: tuple[wire.RecognizerWish, ...], *, wants_voice: bool) -> None:
        """Have one recogniser for each wish; those that stay go on undisturbed."""
        self.telling.wants_voice = wants_voice
        wanted = {wish.setting: wish for wish in wishes}
        for setting in [setting for setting in self._tracks if setting not in wanted]:
            task = asyncio.create_task(self._tracks.pop(setting).close(), name="close track")
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)
        for setting, wish in wanted.items():
            if setting not in self._tracks:
                self._add_track(wish)
            elif self._tracks[setting].wish != wish:
                self._tracks[setting].configure(wish)
        self.tell_settled()

    def take_sound(self, position: int, samples: bytes) -> None:
        """Take a piece of sound; quick, as it is heard later."""
        dropped = self.intake.add(position, samples)
        if dropped:
            self.tell_dropped(dropped)
        self._shop.wake()

    def take_mark(self, mark: Mark) -> None:
        """Take what the phone says, or that no sound comes for now."""
        self.intake.mark(mark)
        self._shop.wake()

    def hear(self, step: Step, probabilities: list[float]) -> None:
        """Take what the ear made of a piece of sound, or a mark."""
        if isinstance(step, Marked):
            self._follow_mark(step)
            return
        for window, probability in zip(step.windows, probabilities, strict=True):
            self._follow(self._cutter.take(window, probability))
        if self._passage is not None:
            self._expect_sound()
        if self._now() - self._settled_at >= SETTLED_SECONDS:
            self.tell_settled()

    async def close(self) -> None:
        """Let go of everything."""
        if self._missing is not None:
            self._missing.cancel()
        tracks = [track.close() for track in self._tracks.values()]
        await asyncio.gather(*self._closing, *tracks, return_exceptions=True)

    # What tracks say.
    def tell_words(self, setting: str, provider: str, passage: Passage, heard: Heard) -> None:
        self.telling.words(setting, provider, passage, heard)

    def tell_translated(
        self, setting: str, target: str, passage: Passage, heard: Heard, translated: Translated
    ) -> None:
        self.telling.translated(setting, target, passage, heard, translated)

    def tell_trouble(self, setting: str, target: str, trouble: EngineTrouble) -> None:
        self.telling.trouble(setting, target, trouble)

    def tell_trouble_over(self, setting: str, target: str) -> None:
        self.telling.trouble_over(setting, target)

    def tell_dropped(self, samples: int) -> None:
        logger.warning("%.1f s of sound of session %s went unheard.", samples / SAMPLE_RATE, self.session_id)
        self.telling.dropped(samples)

    def tell_settled(self) -> None:
        """Tell up to where nothing needs hearing again, when that changed."""
        begun = [track.oldest for track in self._tracks.values()]
        passages = [passage for passage in (*begun, self._passage) if passage is not None]
        first = min(passages, key=lambda passage: passage.begin, default=None)
        settled = (first.begin, first.name) if first else (self._cutter.settled, "")
        self._settled_at = self._now()
        if settled != self._settled:
            self._settled = settled
            self.telling.settled(*settled)

    def note_final(self, late_seconds: float) -> None:
        self._shop.load.note_final(late_seconds)

    def _add_track(self, wish: wire.RecognizerWish) -> None:
        shop = self._shop
        track = Track(wish, shop.engines, shop.translations, self, shop.limits.track)
        self._tracks[wish.setting] = track
        track.start()
        if self._passage is not None:
            track.begin(self._passage)

    def _follow_mark(self, marked: Marked) -> None:
        if marked.mark is Mark.VOICE:
            self._follow(self._cutter.believe())
            return
        self._follow(self._cutter.finish())
        if marked.mark is Mark.GAP:
            self._cutter.skip_to(marked.position)
        self.tell_settled()

    def _follow(self, cuts: list[Cut]) -> None:
        for cut in cuts:
            if isinstance(cut, Began):
                self._begin(cut)
            elif isinstance(cut, More):
                self._go_on(cut.samples)
            else:
                self._end(cut.voice)

    def _begin(self, cut: Began) -> None:
        name, self._next_name = self._next_name or new_name(), ""
        self._passage = passage = Passage(name, cut.position, cut.voice, cut.voice)
        for track in self._tracks.values():
            track.begin(passage)
        self.telling.voice(True, cut.voice)
        self._expect_sound()
        self.tell_settled()

    def _go_on(self, samples: bytes) -> None:
        passage = self._passage
        if passage is None:
            return
        passage.samples += len(samples) // SAMPLE_BYTES
        passage.voice_end = passage.begin + passage.samples
        for track in self._tracks.values():
            track.feed(passage, samples)

    def _end(self, voice: int) -> None:
        passage, self._passage = self._passage, None
        if passage is None:
            return
        passage.voice_end = voice
        for track in self._tracks.values():
            track.end(passage)
        self.telling.voice(False, voice)
        self.tell_settled()

    def _expect_sound(self) -> None:
        """End the running utterance when no sound comes any more."""
        if self._missing is not None:
            self._missing.cancel()
        loop = asyncio.get_running_loop()
        self._missing = loop.call_later(self._shop.limits.missing_seconds, self._miss_sound)

    def _miss_sound(self) -> None:
        if self._passage is not None:
            self.take_mark(Mark.SILENCE)

    def _now(self) -> float:
        return asyncio.get_running_loop().time()
