"""The recognisers of one session: what is wanted, which worker has it, and what happens when that worker is gone.

Desired and actual are kept apart: a change of either leads to `_reconcile`. Knows no app: what was heard and what is
wrong leaves by the callables of `Outlets`.
"""

from collections.abc import Mapping
from typing import Any, Final

from sessions_app.clock import Clock, Timer
from sessions_app.outbound import metrics
from sessions_app.speech.node.channel import Channel
from sessions_app.speech.node.placing import UNAVAILABLE, Placing, Problem
from sessions_app.speech.node.results import Outlets, Results
from sessions_app.speech.node.sound import SoundStream
from sessions_app.speech.node.workers import SpeechWorkers
from sessions_app.speech.wire import (
    ChannelLost,
    ChannelOpened,
    ChannelRefused,
    RecognizerWish,
    Settled,
    TranslatedWords,
    Voice,
    Words,
)
from sessions_app.states import SessionRef

IDLE_SECONDS: Final = 30.0
ANSWER_SECONDS: Final = 1.5


class SessionSpeech:
    """One session's speech. `problem` is why no worker has it, None while one has it or none is needed."""

    def __init__(self, ref: SessionRef, workers: SpeechWorkers, outlets: Outlets, clock: Clock) -> None:
        self.problem: Problem | None = None
        self.workers = workers
        self.stream = SoundStream(clock)
        self.wishes: tuple[RecognizerWish, ...] = ()
        self._ref = ref
        self._out = outlets
        self._clock = clock
        self._results = Results(outlets)
        self._placing = Placing(ref.session_id, workers, clock, self._search_anew)
        self._wants_voice = False
        self._phone_voice: bool | None = None
        self._is_wanted = False
        self._channel: Channel | None = None
        self._idle: Timer | None = None
        self._is_closed = False

    @property
    def troubles(self) -> Mapping[tuple[str, str], Problem]:
        """What single recognisers and translations cannot do now, by (setting, target or "")."""
        return self._results.troubles

    @property
    def is_open(self) -> bool:
        """Whether a worker takes the sound now."""
        return self._channel is not None and self._channel.is_open

    def want(self, wishes: tuple[RecognizerWish, ...], wants_voice: bool) -> None:
        """Have these recognisers run, and no others; `wants_voice`: apps want to know when somebody speaks."""
        self._results.wanted(wishes)
        self.wishes, self._wants_voice = wishes, wants_voice
        self._reconcile()

    def audio(self, frame: bytes) -> None:
        """Take a frame of PCM16, mono, 16 kHz."""
        if not self._is_wanted:
            return
        position = self.stream.add(frame)
        given_up = self.stream.keep(position, frame)
        channel = self._channel
        if channel is not None and channel.is_open:
            channel.sound(position, frame)
            return
        if given_up:  # nobody has it, as one has who only cannot hear it again
            self._results.unheard("kept", given_up)
        if channel is None:
            self._search()

    def phone_voice(self, is_speaking: bool) -> None:
        """The phone itself says whether somebody speaks; from now on its word counts."""
        was_known, self._phone_voice = self._phone_voice is not None, is_speaking
        if not was_known:
            self._reconcile()
        if self._channel is not None:
            self._channel.phone_voice(is_speaking)

    def phone_changed(self) -> None:
        """The phone left, or another came: everything stays; a new one may not say whether somebody speaks."""
        self._phone_voice = None
        self._reconcile()

    def workers_changed(self) -> None:
        """Look again for a worker when none has the session."""
        if self._placing.rests:
            self._search_anew()
        self._out.changed()

    def snapshot(self) -> dict[str, Any]:
        """Return what the next owner needs, JSON-able."""
        last = {"final": self._results.heard.last, "worker": self._placing.last_worker}
        return {**self.stream.snapshot(), **last}

    def restore(self, kept: Mapping[str, Any]) -> None:
        """Go on where the last owner stopped."""
        if "began" not in kept:
            return
        self.stream.restore(int(kept.get("position", 0)), float(kept["began"]))
        self._results.heard.last = int(kept.get("final", 0))
        self._placing.last_worker = str(kept.get("worker", ""))

    def close(self, *, keep_seconds: float = 0.0) -> None:
        """Let go of everything; the worker keeps the recognisers that long for the session's next owner."""
        self._is_closed, self._is_wanted = True, False
        self._let_go(keep_seconds)
        self.workers.part(self)

    # What is wanted, and who does it.

    @property
    def _needs_voice(self) -> bool:
        return self._wants_voice and self._phone_voice is None

    def _reconcile(self) -> None:
        if self._is_closed:
            return
        was_wanted, self._is_wanted = self._is_wanted, bool(self.wishes) or self._needs_voice
        if self._is_wanted:
            self.workers.join(self)
            if self._channel is not None:
                self._channel.configure(self.wishes, self._needs_voice)
        elif was_wanted:
            self._let_go(0.0)
            self.workers.part(self)

    def _search(self) -> None:
        """Ask the next worker, unless one is being asked, all have refused, or there is nothing to ask for."""
        if not self._is_wanted or self._channel is not None or self._placing.rests:
            return
        facts = self._placing.next([each.setting for each in self.wishes])
        if facts is None:
            self._problem_is(self._placing.rest() or self.problem)
            return
        self._channel = Channel(self.workers.line(facts), self)
        self._channel.deadline = self._clock.call_later(ANSWER_SECONDS, self._not_answered)
        self._channel.ask(
            self._ref.session_id,
            self._ref.generation,
            position=self.stream.first_kept,
            wishes=self.wishes,
            wants_voice=self._needs_voice,
            utterance=self._results.heard.utterance,
            heard=self._results.heard.last,
        )

    def _search_anew(self) -> None:
        self._placing.begin_anew()
        if self.stream.silent_seconds() < IDLE_SECONDS:
            self._search()

    def _opened(self, position: int) -> None:
        channel = self._channel
        if channel is None or channel.is_open:
            return
        metrics.speech_events["opened"] += 1
        self._placing.taken(channel.worker_id)
        self._results.heard.hears_again(self.stream.position)
        self.stream.reach(position)
        self.stream.settle(position)
        channel.opened(self.stream.kept_from(position), self._phone_voice)
        channel.configure(self.wishes, self._needs_voice)
        if self._idle is None:
            self._idle = self._clock.call_later(IDLE_SECONDS, self._watch_idle)
        self._problem_is(None)

    def _not_answered(self) -> None:
        if self._channel is not None:
            self._channel.close(0.0)
            self._lose_channel(UNAVAILABLE)

    def _lose_channel(self, code: str = "") -> None:
        """Go to another worker; with a `code`, the one that had the session is not to be asked again for now."""
        if self._channel is None:
            return
        channel, self._channel = self._channel, None
        channel.drop()
        metrics.speech_events["moved" if channel.is_open else "refused"] += 1
        if code:
            self._placing.refused(channel.worker_id, code)
        self._results.forget_troubles()
        if self.stream.silent_seconds() < IDLE_SECONDS:
            self._search()

    def _problem_is(self, problem: Problem | None) -> None:
        if problem != self.problem:
            self.problem = problem
            self._out.changed()

    def _watch_idle(self) -> None:
        """Free the worker of a session without sound; the next sound looks for one again."""
        self._idle = None
        silent = self.stream.silent_seconds()
        if silent < IDLE_SECONDS:
            self._idle = self._clock.call_later(IDLE_SECONDS - silent, self._watch_idle)
        else:
            metrics.speech_events["idle"] += 1
            self._let_go(0.0)

    def _let_go(self, keep_seconds: float) -> None:
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None
        self._placing.begin_anew()
        self.problem = None
        self._results.troubles.clear()
        self.stream.forget()
        self._results.heard.settled(self.stream.position, "")
        if self._channel is not None:
            self._channel.close(keep_seconds)
            self._channel = None

    def take(self, frame: Any) -> None:
        """Take a message of the worker for this session's channel."""
        match frame:
            case ChannelOpened():
                self._opened(frame.position)
            case ChannelRefused() | ChannelLost():
                self._lose_channel(frame.code)
            case Settled():
                self.stream.settle(frame.position)
                self._results.heard.settled(frame.position, frame.utterance)
            case Voice() if not self._needs_voice:
                return
            case _:
                self._results.take(frame)
                if self._channel is not None and isinstance(frame, Words | TranslatedWords) and frame.number:
                    self._channel.got_words(frame.number)

    def line_lost(self) -> None:
        """The worker is gone: what it had not settled goes to the next one, at once."""
        self._lose_channel("" if self.is_open else UNAVAILABLE)

    def sound_dropped(self, samples: int) -> None:
        """The connection did not keep up."""
        self._results.unheard("line", samples)
