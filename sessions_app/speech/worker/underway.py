"""The utterances of one recogniser whose results have not all come. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from sessions_app.speech.engine import Heard
from sessions_app.speech.wire import SAMPLE_BYTES
from sessions_app.speech.worker.passage import Passage

WORDS: Final = ""
"""The place of the words themselves among the targets of an utterance."""


@dataclass(slots=True)
class Underway:
    """An utterance that lacks the final of its words or of a translation; `sound` waits for an engine."""

    passage: Passage
    awaited: set[str]
    sound: bytearray = field(default_factory=bytearray)
    last: Heard | None = None
    over_at: float = 0.0

    @property
    def lacks_words(self) -> bool:
        return WORDS in self.awaited

    @property
    def waiting_samples(self) -> int:
        """How much of its sound waits: all that no engine has, and all when it is over and nothing came of it."""
        if self.sound:
            return len(self.sound) // SAMPLE_BYTES
        return self.passage.samples if self.over_at and self.lacks_words else 0


class AllUnderway:
    """Keeps them in order."""

    def __init__(self) -> None:
        self._entries: dict[str, Underway] = {}

    @property
    def oldest(self) -> Underway | None:
        return next(iter(self._entries.values()), None)

    @property
    def all(self) -> list[Underway]:
        return list(self._entries.values())

    @property
    def has_one_over(self) -> bool:
        """Whether some final is to come."""
        return any(entry.over_at for entry in self._entries.values())

    @property
    def waiting_samples(self) -> int:
        return sum(entry.waiting_samples for entry in self._entries.values())

    def add(self, passage: Passage, awaited: Iterable[str]) -> None:
        self._entries[passage.name] = Underway(passage, {WORDS, *awaited})

    def get(self, name: str) -> Underway | None:
        return self._entries.get(name)

    def settle(self, name: str, target: str) -> bool:
        """Note that a final came; return whether it was awaited."""
        entry = self._entries.get(name)
        if entry is None or target not in entry.awaited:
            return False
        entry.awaited.discard(target)
        if not entry.awaited:
            del self._entries[name]
        return True

    def remove(self, entry: Underway) -> None:
        self._entries.pop(entry.passage.name, None)

    def clear(self) -> None:
        self._entries.clear()
