"""A piece of a transcript, and which pieces make one. Pure: knows no row."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol, TypeVar

MOST_CHARACTERS: Final = 8_000


@dataclass(frozen=True, slots=True)
class FinalWords:
    """The words of one utterance as one recogniser finally understood them; milliseconds of the session's sound."""

    setting: str
    utterance: str
    language: str
    text: str
    started_at: datetime
    ended_at: datetime
    start_ms: int
    end_ms: int
    speaker: str = ""


class Heard(Protocol):
    """What a recogniser of `setting` heard, and when."""

    @property
    def setting(self) -> str: ...
    @property
    def started_at(self) -> datetime: ...
    @property
    def ended_at(self) -> datetime: ...


T = TypeVar("T", bound=Heard)


def told_once(segments: Iterable[T], setting: str) -> Sequence[T]:
    """Return the segments without those that another recogniser heard while the one of `setting` heard something.

    The recogniser of a language and the one of any language may hear the same speech; it is told once, as the one
    understood it that was asked for. The order stays.
    """
    ordered = list(segments)
    asked = [(one.started_at, one.ended_at) for one in ordered if one.setting == setting]
    return [
        one
        for one in ordered
        if one.setting == setting
        or not any(begin < one.ended_at and one.started_at < end for begin, end in asked)
    ]
