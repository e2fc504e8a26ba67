"""Deepgram's streaming API `/v1/listen`: the form of its requests and messages (developers.deepgram.com)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

import msgspec
from django.conf import settings

from sessions_app.speech.engines.hosted import HostedEngine
from sessions_app.speech.engines.hosted_dialect import Fault, Limits, ProviderProblem, Said
from sessions_app.speech.languages import AUTO, plain_language
from sessions_app.speech.wire import SAMPLE_RATE, RecognizerWish

# What nova-3 takes as `language`; a locale that is not named here is asked for by its language.
_LANGUAGES: Final = (
    "ar ar-AE ar-DZ ar-EG ar-IQ ar-IR ar-JO ar-KW ar-LB ar-MA ar-PS ar-QA ar-SA ar-SD ar-SY ar-TD ar-TN be bg bn bs ca"
    " cs da da-DK de de-CH el en en-AU en-GB en-IN en-NZ en-US es es-419 et fa fi fr fr-CA gu gu-IN he hi hr hu id it"
    " ja kn ko ko-KR lt lv mk mr ms nl nl-BE no pl pt pt-BR pt-PT ro ru sk sl sr sv sv-SE ta te th th-TH tl tr uk ur vi"
    " zh zh-CN zh-HK zh-Hans zh-Hant zh-TW"
)
LANGUAGES: Final = tuple(_LANGUAGES.split())
_SEVERAL_LANGUAGES: Final = "multi"
_OTHER_NAMES: Final = {"nn": "no", "fil": "tl"}
_MOST_TERMS: Final = 100
# The API takes 500 tokens of key terms; a token has two bytes and more.
_MOST_TERM_BYTES: Final = 1000
_KEEP_ALIVE_SECONDS: Final = 4.0
# Pauses that short do not break a sentence.
_ENDPOINTING_MILLISECONDS: Final = 300


class _Word(msgspec.Struct):
    language: str | None = None
    speaker: int | None = None


class _Alternative(msgspec.Struct):
    transcript: str = ""
    confidence: float | None = None
    words: list[_Word] = msgspec.field(default_factory=list)
    languages: list[str] = msgspec.field(default_factory=list)


class _Channel(msgspec.Struct):
    alternatives: list[_Alternative] = msgspec.field(default_factory=list)


class _Results(msgspec.Struct):
    channel: _Channel
    start: float
    duration: float
    is_final: bool = False
    from_finalize: bool = False


class _Any(msgspec.Struct):
    type: str = ""
    description: str | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True)
class Deepgram:
    """The provider, with this deployment's key."""

    key: str = field(repr=False)
    url: str
    model: str
    name: str = "deepgram"
    key_setting: str = "DEEPGRAM_API_KEY"
    languages: tuple[str, ...] = LANGUAGES
    translates_to: frozenset[str] = frozenset()
    keep_alive_seconds: float = _KEEP_ALIVE_SECONDS

    def speaks(self, setting: str) -> bool:
        """Whether it knows the language; a model that knows fewer refuses, which is told as a failure."""
        return setting == AUTO or _name_of(setting) is not None

    def dialect(self, wish: RecognizerWish, target: str) -> "DeepgramDialect":
        """Return how to ask for this; it does not translate."""
        return DeepgramDialect(
            f"{self.url}?{urlencode(self._query(wish))}", self.key, self.keep_alive_seconds
        )

    def _query(self, wish: RecognizerWish) -> list[tuple[str, str]]:
        language = _SEVERAL_LANGUAGES if wish.setting == AUTO else _name_of(wish.setting) or wish.setting
        query = [
            ("model", self.model),
            ("language", language),
            ("encoding", "linear16"),
            ("sample_rate", str(SAMPLE_RATE)),
            ("channels", "1"),
            ("interim_results", "true"),
            ("smart_format", "true"),
            ("endpointing", str(_ENDPOINTING_MILLISECONDS)),
        ]
        if wish.diarization:
            query.append(("diarize", "true"))
        is_third = self.model.startswith("nova-3")
        if is_third and wish.setting == AUTO:
            query += [("language_hint", hint) for hint in wish.hints]
        terms = _bounded(wish.vocabulary)
        # Older models take single words only, under another name.
        return query + (
            [("keyterm", term) for term in terms]
            if is_third
            else [("keywords", term) for term in terms if " " not in term]
        )


@dataclass(frozen=True, slots=True)
class DeepgramDialect:
    """One recogniser's connection: the wish is in the address, sound is sent as it is."""

    url: str
    key: str = field(repr=False)
    keep_alive_seconds: float
    target: str = ""
    surely_flushes: bool = False

    def headers(self) -> Mapping[str, str]:
        """Return the header with the key."""
        return {"Authorization": f"Token {self.key}"}

    def greeting(self) -> Iterable[str]:
        """Return nothing: sound may follow at once."""
        return ()

    def flush(self) -> str:
        """Return the message that makes final what is not."""
        return '{"type":"Finalize"}'

    def keep_alive(self) -> str:
        """Return the message without which a silent connection ends after ten seconds."""
        return '{"type":"KeepAlive"}'

    def farewell(self) -> str:
        """Return the message that ends the stream, and what it costs."""
        return '{"type":"CloseStream"}'

    def read(self, message: str | bytes) -> Iterator[Said]:
        """Return what a `Results` message says; others are of no interest, `Error` is raised."""
        try:
            kind = msgspec.json.decode(message, type=_Any)
            results = msgspec.json.decode(message, type=_Results) if kind.type == "Results" else None
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise ProviderProblem(Fault.BROKEN, "sent what is no message of its API") from None
        if kind.type == "Error":
            raise ProviderProblem(Fault.BROKEN, f"said: {kind.description or kind.message or 'Error'}")
        if results is not None:
            yield _said(results)


def _said(results: _Results) -> Said:
    best = results.channel.alternatives[0] if results.channel.alternatives else _Alternative()
    text = _spaced(best.transcript)
    until = results.start + results.duration
    return Said(
        fixed=text if results.is_final else "",
        guess="" if results.is_final else text,
        at=results.start,
        fixed_until=until if results.is_final else None,
        heard_until=until,
        flushes=results.from_finalize,
        language=_most([word.language for word in best.words]) or next(iter(best.languages), ""),
        speaker=_most([None if word.speaker is None else str(word.speaker) for word in best.words]),
        confidence=best.confidence if best.transcript else None,
        weight=len(best.words),
    )


def _spaced(text: str) -> str:
    """Return a piece of text so that it can follow another: Chinese and Japanese have no spaces between words."""
    is_east_asian = "\u3000" <= text[:1] <= "\u9fff" or "\uff00" <= text[:1] <= "\uffef"
    return f" {text}" if text and not is_east_asian else text


def _most(names: Iterable[str | None]) -> str:
    known = [name for name in names if name]
    return max(known, key=known.count, default="")


def _name_of(setting: str) -> str | None:
    """Return how the API names a language setting, None when it does not know it."""
    language = plain_language(setting)
    language = _OTHER_NAMES.get(language, language)
    region = setting.partition("-")[2]
    named = f"{language}-{region}"
    return next((one for one in (named, language) if one in LANGUAGES), None)


def _bounded(terms: Iterable[str]) -> list[str]:
    """Return as many terms as the API takes; with more it would take none."""
    kept: list[str] = []
    room = _MOST_TERM_BYTES
    for term in terms:
        room -= len(term.encode())
        if room < 0 or len(kept) == _MOST_TERMS:
            break
        kept.append(term)
    return kept


def make_engine() -> HostedEngine:
    """Return the engine as this deployment's settings want it."""
    provider = Deepgram(settings.DEEPGRAM_API_KEY, settings.DEEPGRAM_URL, settings.DEEPGRAM_MODEL)
    return HostedEngine(provider, Limits(idle=settings.SPEECH_HOSTED_IDLE_SECONDS))
