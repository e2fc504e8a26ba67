"""What hosted recognisers have in common on the wire, and what each must say of its own. Pure: opens nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from sessions_app.speech.wire import SAMPLE_BYTES, SAMPLE_RATE, RecognizerWish

BYTES_A_SECOND = SAMPLE_RATE * SAMPLE_BYTES
UNDETERMINED = "und"
"""The language of words whose language nobody told (BCP 47)."""


class Fault(StrEnum):
    """Why a connection failed, which decides when it is tried again.

    `refused`: the key or the account is not accepted, and will not be in a moment either. `rejected`: this one request
    is not. `busy`: too many at once. `broken`: anything else.
    """

    REFUSED = "refused"
    REJECTED = "rejected"
    BUSY = "busy"
    BROKEN = "broken"


class ProviderProblem(Exception):
    """A connection to a provider failed; the text says how, without any secret."""

    def __init__(self, fault: Fault, message: str) -> None:
        super().__init__(message)
        self.fault = fault


_TOO_MANY = 429
_REFUSALS = frozenset({401, 402, 403})
_REJECTIONS = frozenset({400, 404, 405, 422})


def problem_of_status(status: int, message: str = "") -> ProviderProblem:
    """Return the problem behind an HTTP status, as an answer or inside a message of a provider."""
    fault = Fault.BROKEN
    if status == _TOO_MANY:
        fault = Fault.BUSY
    elif status in _REFUSALS:
        fault = Fault.REFUSED
    elif status in _REJECTIONS:
        fault = Fault.REJECTED
    return ProviderProblem(fault, f"answered {status}{': ' if message else ''}{message}")


@dataclass(frozen=True, slots=True)
class Said:
    """What one message says of the running utterance.

    `fixed` stays and follows what was fixed before; `guess` comes after it and replaces the last guess; the translated
    ones are the same in the dialect's target. Positions are seconds of the connection's sound, None where the provider
    names none: `at`, where these words begin; `fixed_until` and `heard_until`, how far its work has come. `flushes`:
    all that was asked to be finished is. `weight` is the number of words or tokens that `confidence` is about.
    """

    fixed: str = ""
    guess: str = ""
    translated: str = ""
    translated_guess: str = ""
    at: float | None = None
    fixed_until: float | None = None
    heard_until: float | None = None
    flushes: bool = False
    language: str = ""
    speaker: str = ""
    confidence: float | None = None
    weight: int = 0


class Dialect(Protocol):
    """How to speak with a provider about one recogniser: where, and the messages of its API."""

    @property
    def url(self) -> str:
        """Where."""

    @property
    def target(self) -> str:
        """Language code into which it translates, "" for none."""

    @property
    def keep_alive_seconds(self) -> float:
        """How long a connection may be silent."""

    @property
    def surely_flushes(self) -> bool:
        """Whether every `flush` is answered; otherwise only one that had something left to do."""

    def headers(self) -> Mapping[str, str]:
        """Return the headers of the handshake; they hold the key."""

    def greeting(self) -> Iterable[str]:
        """Return the messages before the first sound."""

    def flush(self) -> str:
        """Return the message that asks for the final text of all sound so far."""

    def keep_alive(self) -> str:
        """Return the message that keeps a silent connection open."""

    def farewell(self) -> str:
        """Return the message before the connection is closed."""

    def read(self, message: str | bytes) -> Iterable[Said]:
        """Return what a message says; raises ProviderProblem when it is an error or no message of this API."""


class Provider(Protocol):
    """A hosted recogniser of speech."""

    @property
    def name(self) -> str:
        """Its name in settings."""

    @property
    def key(self) -> str:
        """The secret, "" for none."""

    @property
    def key_setting(self) -> str:
        """The setting that holds it."""

    @property
    def languages(self) -> tuple[str, ...]:
        """What it recognises, as told to operators and nodes."""

    @property
    def translates_to(self) -> frozenset[str]:
        """Language codes into which it translates what it recognises."""

    def speaks(self, setting: str) -> bool:
        """Whether it knows the language."""

    def dialect(self, wish: RecognizerWish, target: str) -> Dialect:
        """Return how to ask for this; `target` is a language code to translate into, or ""."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Times of hosted recognisers, in seconds.

    `kept`: sound kept for a connection that is to be opened (again); older sound is given up. `quiet`: silence after
    which a flush that had nothing left to do counts as done. `renew`: age at which a connection is replaced between
    utterances, because providers end long ones. `doubt`: how long after failures in a row others are preferred.
    """

    connect: float = 5.0
    final: float = 5.0
    idle: float = 20.0
    kept: float = 30.0
    quiet: float = 0.5
    hang_up: float = 1.0
    renew: float = 3600.0
    retry: float = 0.25
    longest_retry: float = 8.0
    busy: float = 2.0
    longest_busy: float = 60.0
    refused: float = 60.0
    doubt: float = 20.0
