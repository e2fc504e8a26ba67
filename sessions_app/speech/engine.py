"""What an engine for speech, translation or a voice must offer; the worker knows engines by these alone.

An engine is loaded once per worker. Nothing here may block the worker's event loop: work that takes longer than a
millisecond runs in a thread or awaits the network.
"""

from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from sessions_app.speech.wire import RecognizerWish

ANY_LANGUAGE = "*"


class EngineState(StrEnum):
    """How an engine is; `missing`: it is not installed or not configured, which `detail` explains."""

    LOADING = "loading"
    READY = "ready"
    FAILED = "failed"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class EngineReport:
    """What an engine tells about itself, shown to operators and sent to nodes.

    `languages` are language codes, ("*",) for all. `real_time_factor` is seconds of work per second of speech over the
    last minutes, None before there was any; `streams` are its open recognisers.
    """

    name: str
    state: EngineState
    detail: str = ""
    languages: tuple[str, ...] = ()
    real_time_factor: float | None = None
    streams: int = 0


@dataclass(frozen=True, slots=True)
class Heard:
    """What an engine made of an utterance, so far or finally. Times are the worker's business.

    `language` is a locale or language code; confidence is 0–1 where the engine has one.
    """

    text: str
    is_final: bool
    language: str
    confidence: float | None = None
    speaker: str | None = None


class EngineTrouble(Exception):
    """The engine cannot do it now; the text may be shown to developers. `code` is one of `wire.Trouble`."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Recognizer(Protocol):
    """One language setting of one session. The worker finds the utterances; it calls begin, feed…, end, in turn.

    Results come by the callback given at `open`: any number of interim ones, then exactly one final one after `end`,
    within ten seconds, empty when nothing was said. The next utterance may begin before that final came; results keep
    the order of utterances. All methods return at once and are called in the event loop.
    """

    def begin(self, utterance: str) -> None:
        """An utterance begins; the first piece fed holds some 300 ms of sound before it."""

    def feed(self, samples: bytes) -> None:
        """Take PCM16, mono, 16,000 Hz of the running utterance."""

    def end(self) -> None:
        """The utterance is over."""

    def configure(self, wish: RecognizerWish) -> None:
        """Hints, vocabulary or wished translations changed; the setting did not."""

    async def close(self) -> None:
        """Let go of everything; results that are still to come are dropped."""


class Hearer(Protocol):
    """Takes what a recogniser makes of its utterances; called in the event loop."""

    def heard(self, utterance: str, heard: Heard) -> None:
        """An interim or final result of an utterance that was begun."""

    def translated(self, utterance: str, target: str, heard: Heard) -> None:
        """The same in a wished language that `translates_to` names; `heard.language` is the one that was spoken."""

    def failed(self, trouble: EngineTrouble) -> None:
        """The recogniser does not work for now; what was under way may be lost."""

    def recovered(self) -> None:
        """It works again."""


class Engine(Protocol):
    """A speech recogniser for many sessions."""

    name: str
    translates_to: frozenset[str]
    """Language codes into which recognisers of this engine translate by themselves; mostly none."""

    async def load(self) -> None:
        """Load models or check credentials; raises EngineTrouble. Called once."""

    def speaks(self, setting: str) -> bool:
        """Whether it recognises a language setting (`en-US`, `auto`)."""

    def open(self, wish: RecognizerWish, hearer: Hearer) -> Recognizer:
        """Return a recogniser; raises EngineTrouble when it cannot take one more."""

    def report(self) -> EngineReport:
        """Return how it is; cheap."""

    async def close(self) -> None:
        """Let go of everything."""


class Translator(Protocol):
    """Translates text. Languages are codes without a country (`en`)."""

    name: str

    async def load(self) -> None:
        """Load models or look what is installed; raises EngineTrouble."""

    def pairs(self) -> frozenset[tuple[str, str]]:
        """Return the (source, target) pairs; `*` as source: any."""

    def is_quick(self) -> bool:
        """Whether interim results may be translated as well: some ten milliseconds a sentence."""

    async def translate(self, text: str, source: str, target: str) -> str:
        """Return the translation; raises EngineTrouble."""

    def report(self) -> EngineReport:
        """Return how it is; `languages` are pairs written `en-pt`."""

    async def close(self) -> None:
        """Let go of everything."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """A text to be read aloud (media §3); empty and None are defaults. `language` is a code or locale, maybe ""."""

    text: str
    language: str = ""
    voice: str = ""
    model: str = ""
    stability: float | None = None
    similarity_boost: float | None = None
    style: float | None = None
    speed: float | None = None


class VoiceEngine(Protocol):
    """Reads text aloud."""

    name: str
    version: str
    """Changes when the same text sounds different; known after `load`."""

    async def load(self) -> None:
        """Load models or check credentials; raises EngineTrouble."""

    def speaks(self, utterance: Utterance) -> bool:
        """Whether it can read this language and script, in the voice that is asked for."""

    def speak(self, utterance: Utterance) -> AsyncGenerator[bytes, None]:
        """Yield MP3 as it is made; raises EngineTrouble."""

    def report(self) -> EngineReport:
        """Return how it is."""

    async def close(self) -> None:
        """Let go of everything."""


MakeEngine = Callable[[], Engine]
