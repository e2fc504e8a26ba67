"""Soniox's real-time WebSocket API: the form of its requests and messages (soniox.com/docs/stt)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec
from django.conf import settings

from sessions_app.speech.engines.hosted import HostedEngine
from sessions_app.speech.engines.hosted_dialect import (
    Fault,
    Limits,
    ProviderProblem,
    Said,
    problem_of_status,
)
from sessions_app.speech.languages import AUTO, plain_language
from sessions_app.speech.wire import SAMPLE_RATE, RecognizerWish

_LANGUAGES: Final = (
    "af ar az be bg bn bs ca cs cy da de el en es et eu fa fi fr gl gu he hi hr hu id it ja kk kn ko lt lv mk ml mr ms"
    " nl no pa pl pt ro ru sk sl sq sr sv sw ta te th tl tr uk ur vi zh"
)
LANGUAGES: Final = tuple(_LANGUAGES.split())
_OTHER_NAMES: Final = {"nn": "no", "fil": "tl"}
_FLUSHED: Final = "<fin>"
_ENDED: Final = "<end>"
_TRANSLATED: Final = "translation"
_ORIGINAL: Final = "original"
# The API takes a context of 10,000 characters, quotes and commas included.
_MOST_CONTEXT_CHARACTERS: Final = 8000
_KEEP_ALIVE_SECONDS: Final = 8.0
_MILLISECONDS: Final = 1000.0


class _Token(msgspec.Struct):
    text: str = ""
    is_final: bool = False
    confidence: float | None = None
    speaker: str | None = None
    language: str | None = None
    translation_status: str | None = None


class _Response(msgspec.Struct):
    tokens: list[_Token] = msgspec.field(default_factory=list)
    final_audio_proc_ms: float | None = None
    total_audio_proc_ms: float | None = None
    error_code: int | None = None
    error_message: str = ""


@dataclass(frozen=True, slots=True)
class Soniox:
    """The provider, with this deployment's key. Each language in `translates_to` costs a stream of its own."""

    key: str = field(repr=False)
    url: str
    model: str
    translates_to: frozenset[str] = frozenset()
    name: str = "soniox"
    key_setting: str = "SONIOX_API_KEY"
    languages: tuple[str, ...] = LANGUAGES
    keep_alive_seconds: float = _KEEP_ALIVE_SECONDS

    def speaks(self, setting: str) -> bool:
        """Whether it knows the language."""
        return setting == AUTO or _name_of(setting) in LANGUAGES

    def dialect(self, wish: RecognizerWish, target: str) -> "SonioxDialect":
        """Return how to ask for this."""
        return SonioxDialect(self.url, self.key, self.keep_alive_seconds, self._start(wish, target), target)

    def _start(self, wish: RecognizerWish, target: str) -> str:
        is_open = wish.setting == AUTO
        hints = [_name_of(hint) for hint in wish.hints] if is_open else [_name_of(wish.setting)]
        start: dict[str, Any] = {
            "model": self.model,
            "audio_format": "pcm_s16le",
            "sample_rate": SAMPLE_RATE,
            "num_channels": 1,
            "enable_language_identification": is_open or wish.identify_language,
            "enable_speaker_diarization": wish.diarization,
        }
        # A hint that it does not know would end the stream.
        if known := [hint for hint in dict.fromkeys(hints) if hint in LANGUAGES]:
            start |= {"language_hints": known, "language_hints_strict": not is_open}
        if terms := _bounded(wish.vocabulary):
            start["context"] = {"terms": terms}
        if target:
            start["translation"] = {"type": "one_way", "target_language": _name_of(target)}
        return msgspec.json.encode(start).decode()


@dataclass(frozen=True, slots=True)
class SonioxDialect:
    """One recogniser's connection: the wish is its first message, the key in the handshake."""

    url: str
    key: str = field(repr=False)
    keep_alive_seconds: float
    start: str
    target: str
    surely_flushes: bool = True

    def headers(self) -> Mapping[str, str]:
        """Return the header with the key; in the first message it counts only until January 2027."""
        return {"Authorization": f"Bearer {self.key}"}

    def greeting(self) -> Iterable[str]:
        """Return the start request."""
        return (self.start,)

    def flush(self) -> str:
        """Return the message that makes final what is not, answered by a `<fin>` token."""
        return '{"type":"finalize"}'

    def keep_alive(self) -> str:
        """Return the message without which a silent connection ends after twenty seconds."""
        return '{"type":"keepalive"}'

    def farewell(self) -> str:
        """Return the empty message that ends the stream, and what it costs."""
        return ""

    def read(self, message: str | bytes) -> Iterator[Said]:
        """Return what the tokens say, one result for each utterance that they belong to."""
        try:
            response = msgspec.json.decode(message, type=_Response)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise ProviderProblem(Fault.BROKEN, "sent what is no message of its API") from None
        if response.error_code is not None:
            raise problem_of_status(response.error_code, response.error_message)
        tokens: list[_Token] = []
        for token in response.tokens:
            if token.text == _FLUSHED:
                yield self._said(tokens, response, flushes=True)
                tokens = []
            elif token.text != _ENDED:
                tokens.append(token)
        yield self._said(tokens, response, flushes=False)

    def _said(self, tokens: list[_Token], response: _Response, *, flushes: bool) -> Said:
        spoken = [token for token in tokens if token.translation_status != _TRANSLATED]
        # What was said in the target language already has the status "none" and is its own translation.
        target = [token for token in tokens if self.target and token.translation_status != _ORIGINAL]
        of_words = [token for token in spoken if token.is_final] or spoken
        confidences = [token.confidence for token in of_words if token.confidence is not None]
        return Said(
            fixed=_text(spoken, is_final=True),
            guess=_text(spoken, is_final=False),
            translated=_text(target, is_final=True),
            translated_guess=_text(target, is_final=False),
            fixed_until=_seconds(response.final_audio_proc_ms),
            heard_until=None if flushes else _seconds(response.total_audio_proc_ms),
            flushes=flushes,
            language=_most([token.language for token in of_words]),
            speaker=_most([token.speaker for token in of_words]),
            confidence=sum(confidences) / len(confidences) if confidences else None,
            weight=len(of_words),
        )


def _text(tokens: Iterable[_Token], *, is_final: bool) -> str:
    return "".join(token.text for token in tokens if token.is_final is is_final)


def _seconds(milliseconds: float | None) -> float | None:
    return None if milliseconds is None else milliseconds / _MILLISECONDS


def _most(names: Iterable[str | None]) -> str:
    known = [name for name in names if name]
    return max(known, key=known.count, default="")


def _name_of(setting: str) -> str:
    language = plain_language(setting)
    return _OTHER_NAMES.get(language, language)


def _bounded(terms: Iterable[str]) -> list[str]:
    """Return as many terms as the API takes; with more it would end the stream."""
    kept: list[str] = []
    room = _MOST_CONTEXT_CHARACTERS
    for term in terms:
        room -= len(term) + 4
        if room < 0:
            break
        kept.append(term)
    return kept


def make_engine() -> HostedEngine:
    """Return the engine as this deployment's settings want it."""
    provider = Soniox(
        settings.SONIOX_API_KEY,
        settings.SONIOX_URL,
        settings.SONIOX_MODEL,
        frozenset(map(plain_language, settings.SONIOX_TRANSLATES_TO)),
    )
    return HostedEngine(provider, Limits(idle=settings.SPEECH_HOSTED_IDLE_SECONDS))
