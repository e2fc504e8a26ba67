"""Texts that wait for a peer that is expected back, within bounds.

Knows no socket and no message: who is expected, and for how long, is decided by the owner of the queue.
"""

from collections.abc import Iterable

from sessions_app.outbound import metrics

Entry = tuple[str, str]


class HeldTexts:
    """A queue of texts, oldest first; beyond `most` texts or `most_characters` the oldest are dropped and counted.

    `kind` is the label under which they are counted.
    """

    __slots__ = ("_characters", "_entries", "_first", "_latest", "_most", "_most_characters", "kind")

    def __init__(self, kind: str, *, most: int, most_characters: int) -> None:
        self.kind = kind
        self._most = most
        self._most_characters = most_characters
        self._entries: dict[int, Entry] = {}
        self._latest: dict[str, int] = {}
        self._first = 1
        self._characters = 0

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, text: str, replaces: str = "") -> int:
        """Add a text and return its number, which grows by one with each.

        With a name in `replaces`, an older text of that name is dropped for it: only the newest is worth anything.
        """
        number, self._first = self._first, self._first + 1
        if replaces:
            self._remove(self._latest.get(replaces, 0))
            self._latest[replaces] = number
        self._entries[number] = (text, replaces)
        self._characters += len(text)
        metrics.held_texts[self.kind, "held"] += 1
        while len(self._entries) > self._most or (
            self._characters > self._most_characters and len(self._entries) > 1
        ):
            self._remove(next(iter(self._entries)))
            metrics.held_texts[self.kind, "dropped"] += 1
        return number

    def extend(self, entries: Iterable[Entry]) -> None:
        """Add what another queue held, as `entries` returned it."""
        for text, replaces in entries:
            self.add(text, replaces)

    def entries(self) -> list[Entry]:
        """Return every text with what it replaces, oldest first."""
        return list(self._entries.values())

    def forget_through(self, number: int) -> None:
        """Take out the texts up to this number: their peer has them."""
        for known in list(self._entries):
            if known > number:
                break
            self._remove(known)

    def take(self) -> list[str]:
        """Take every text out, oldest first."""
        texts = [text for text, _ in self._entries.values()]
        self._clear()
        return texts

    def drop(self) -> None:
        """Drop every text: nobody comes back for them."""
        metrics.held_texts[self.kind, "dropped"] += len(self._entries)
        self._clear()

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
