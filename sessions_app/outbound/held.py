"""Frames that wait for a peer that is expected back, within bounds: texts, and sound where there is any.

Knows no socket and no message: who is expected, and for how long, is decided by the owner of the queue.
"""

from collections.abc import Iterable
from typing import Generic, TypeVar

from sessions_app.outbound import metrics

Frame = TypeVar("Frame", bound=str | bytes)


class HeldFrames(Generic[Frame]):
    """A queue of frames, oldest first; beyond `most` frames or `most_characters` the oldest are dropped and counted,
    sound before any text.

    `kind` is the label under which they are counted.
    """

    __slots__ = ("_characters", "_entries", "_first", "_latest", "_most", "_most_characters", "kind")

    def __init__(self, kind: str, *, most: int, most_characters: int) -> None:
        self.kind = kind
        self._most = most
        self._most_characters = most_characters
        self._entries: dict[int, tuple[Frame, str]] = {}
        self._latest: dict[str, int] = {}
        self._first = 1
        self._characters = 0

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, frame: Frame, replaces: str = "") -> int:
        """Add a frame and return its number, which grows by one with each.

        With a name in `replaces`, an older frame of that name is dropped for it: only the newest is worth anything.
        """
        number, self._first = self._first, self._first + 1
        if replaces:
            self._remove(self._latest.get(replaces, 0))
            self._latest[replaces] = number
        self._entries[number] = (frame, replaces)
        self._characters += len(frame)
        metrics.held_texts[self.kind, "held"] += 1
        while len(self._entries) > self._most or (
            self._characters > self._most_characters and len(self._entries) > 1
        ):
            self._remove(self._least_missed())
            metrics.held_texts[self.kind, "dropped"] += 1
        return number

    def extend(self, entries: Iterable[tuple[Frame, str]]) -> None:
        """Add what another queue held, as `entries` returned it."""
        for frame, replaces in entries:
            self.add(frame, replaces)

    def entries(self) -> list[tuple[Frame, str]]:
        """Return every frame with what it replaces, oldest first."""
        return list(self._entries.values())

    def forget_through(self, number: int) -> None:
        """Take out the frames up to this number: their peer has them."""
        for known in list(self._entries):
            if known > number:
                break
            self._remove(known)

    def take(self) -> list[Frame]:
        """Take every frame out, oldest first."""
        frames = [frame for frame, _ in self._entries.values()]
        self._clear()
        return frames

    def drop(self) -> None:
        """Drop every frame: nobody comes back for them."""
        metrics.held_texts[self.kind, "dropped"] += len(self._entries)
        self._clear()

    def _least_missed(self) -> int:
        """Return the number of the oldest sound, or of the oldest text where there is no sound."""
        sounds = (number for number, (frame, _) in self._entries.items() if isinstance(frame, bytes))
        return next(sounds, next(iter(self._entries)))

    def _remove(self, number: int) -> None:
        entry = self._entries.pop(number, None)
        if entry is None:
            return
        self._characters -= len(entry[0])
        if self._latest.get(entry[1]) == number:
            del self._latest[entry[1]]

    def _clear(self) -> None:
        self._entries.clear()
        self._latest.clear()
        self._characters = 0


HeldTexts = HeldFrames[str]
