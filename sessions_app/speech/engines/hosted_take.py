"""An utterance on its way to a provider and back: sound that may be needed again, words so far. Knows no connection."""

from collections import Counter

from sessions_app.speech.engine import Heard
from sessions_app.speech.engines.hosted_dialect import BYTES_A_SECOND, UNDETERMINED, Said

# Providers round positions to hundredths of a second.
_TOLERANCE_SECONDS = 0.05
# Less sound than this at the end may be left without an answer.
_INSIGNIFICANT_SECONDS = 0.5


class Take:
    """One utterance of one connection's line.

    Sound that became fixed text is forgotten; after a broken connection the rest is sent again. With a translation all
    of it is: which of its words were translated already nobody can tell.
    """

    def __init__(self, name: str, target: str, most_bytes: int) -> None:
        self.name = name
        self.target = target
        self.is_ended = False
        self.is_flushing = False
        self.lost_bytes = 0
        self._most_bytes = most_bytes
        self._sound = bytearray()
        self._sent = 0
        self._begins: int | None = None
        self._starts: int | None = None
        self._heard_until = 0.0
        self._fixed = self._guess = ""
        self._translated = self._translated_guess = ""
        self._languages: Counter[str] = Counter()
        self._speakers: Counter[str] = Counter()
        self._confidence = self._weight = 0.0
        self._last = Said()

    @property
    def starts_at(self) -> float | None:
        """Where its sound began in the connection's, in seconds; None: nothing was sent yet."""
        return None if self._starts is None else self._starts / BYTES_A_SECOND

    @property
    def ends_at(self) -> float:
        """Where the sound so far ends in the connection's, in seconds."""
        return ((self._begins or 0) + len(self._sound)) / BYTES_A_SECOND

    def hear(self, samples: bytes) -> None:
        """Take a piece of its sound."""
        self._sound += samples
        if (excess := len(self._sound) - self._most_bytes) > 0:
            self._forget(excess)
            self.lost_bytes += excess

    def next_unsent(self, position: int, most_bytes: int) -> bytes:
        """Return sound that was not sent yet, b"" for none; `position` counts the bytes of the connection so far."""
        chunk = bytes(self._sound[self._sent : self._sent + most_bytes])
        if chunk and self._begins is None:
            self._begins = self._starts = position
        self._sent += len(chunk)
        return chunk

    def restart(self) -> None:
        """Be ready for a new connection."""
        self._sent = 0
        self._begins = self._starts = None
        self._heard_until = 0.0
        self._guess = self._translated_guess = ""
        self.is_flushing = False
        if self.target:
            self._fixed = self._translated = ""
            self._languages.clear()
            self._speakers.clear()
            self._confidence = self._weight = 0.0

    def add(self, said: Said) -> bool:
        """Take words; return whether the text changed."""
        before = self.text, self.translation
        self._last = said
        self._fixed += said.fixed
        self._guess = said.guess
        self._translated += said.translated
        self._translated_guess = said.translated_guess
        self._heard_until = max(self._heard_until, said.heard_until or 0.0)
        if said.fixed.strip():
            self._count(said)
        if said.fixed_until is not None and not self.target:
            self._settle(said.fixed_until)
        return before != (self.text, self.translation)

    def is_answered(self, said: Said, *, by_position: bool) -> bool:
        """Whether with `said` all that was asked for has come."""
        if not self.is_flushing:
            return False
        if said.flushes:
            return said.heard_until is None or said.heard_until > (self.starts_at or 0.0) + _TOLERANCE_SECONDS
        return (
            by_position
            and said.fixed_until is not None
            and said.fixed_until >= self.ends_at - _TOLERANCE_SECONDS
        )

    def may_stay_unanswered(self) -> bool:
        """Whether so little is left to say that a provider may not say it."""
        return (
            self.is_flushing
            and not self._guess.strip()
            and self._heard_until > (self.starts_at or 0.0)
            and self._heard_until >= self.ends_at - _INSIGNIFICANT_SECONDS
        )

    @property
    def text(self) -> str:
        """The words so far."""
        return (self._fixed + self._guess).strip()

    @property
    def translation(self) -> str:
        """The words so far in the target language."""
        return (self._translated + self._translated_guess).strip()

    def heard(self, *, is_final: bool, text: str, setting_language: str) -> Heard:
        """Return `text`, the words or their translation, with what is known about it."""
        return Heard(
            text=text,
            is_final=is_final,
            language=setting_language or _most_common(self._languages) or self._last.language or UNDETERMINED,
            confidence=self._confidence / self._weight if self._weight else self._last.confidence,
            speaker=_most_common(self._speakers) or self._last.speaker or None,
        )

    def _count(self, said: Said) -> None:
        weight = max(said.weight, 1)
        if said.language:
            self._languages[said.language] += weight
        if said.speaker:
            self._speakers[said.speaker] += weight
        if said.confidence is not None:
            self._confidence += said.confidence * weight
            self._weight += weight

    def _settle(self, until_seconds: float) -> None:
        if self._begins is not None:
            until = int(until_seconds * BYTES_A_SECOND) // 2 * 2
            self._forget(min(max(until - self._begins, 0), self._sent))

    def _forget(self, count: int) -> None:
        """Drop the oldest `count` bytes of its sound."""
        del self._sound[:count]
        if self._begins is not None:
            self._begins += min(count, self._sent)
        self._sent = max(self._sent - count, 0)


def _most_common(votes: Counter[str]) -> str:
    return votes.most_common(1)[0][0] if votes else ""
