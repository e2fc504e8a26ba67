"""The lists of all users in one SQLite file, and who is told of changes. Knows no session and no web."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

MOST_ITEMS, MOST_CHARACTERS = 100, 200
_SCHEMA = """
    CREATE TABLE IF NOT EXISTS items (
        id INTEGER PRIMARY KEY AUTOINCREMENT, user_id TEXT NOT NULL, text TEXT NOT NULL, is_done INTEGER NOT NULL
    )
"""


class ListFull(Exception):
    """A user has as many items as one may have."""


@dataclass(frozen=True)
class Item:
    """One thing to do."""

    id: int
    text: str
    is_done: bool


class Items:
    """What users have to do. Every call is about one user; another user's items are out of its reach."""

    def __init__(self, file: str) -> None:
        self._connection = sqlite3.connect(file, isolation_level=None)
        self._connection.execute(_SCHEMA)
        self._waiting: dict[str, set[asyncio.Event]] = {}

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def all(self, user_id: str) -> list[Item]:
        """Return the items, what is to be done first, the oldest of it at the top."""
        rows = self._connection.execute(
            "SELECT id, text, is_done FROM items WHERE user_id = ? ORDER BY is_done, id", (user_id,)
        )
        return [Item(id_, text, bool(is_done)) for id_, text, is_done in rows]

    def add(self, user_id: str, text: str) -> Item:
        """Add an item; raises ValueError when it has no text, and ListFull."""
        text = " ".join(text.split())[:MOST_CHARACTERS]
        if not text:
            raise ValueError("an item is not empty")
        if len(self.all(user_id)) >= MOST_ITEMS:
            raise ListFull(f"The list is full: {MOST_ITEMS} items.")
        made = self._connection.execute(
            "INSERT INTO items (user_id, text, is_done) VALUES (?, ?, 0)", (user_id, text)
        )
        self._tell(user_id)
        return Item(made.lastrowid or 0, text, False)

    def tick(self, user_id: str, item_id: int, *, is_done: bool) -> bool:
        """Say that an item is done, or not; return whether there is one."""
        return self._change(
            user_id, "UPDATE items SET is_done = ? WHERE user_id = ? AND id = ?", (is_done, user_id, item_id)
        )

    def remove(self, user_id: str, item_id: int) -> bool:
        """Forget an item; return whether there was one."""
        return self._change(user_id, "DELETE FROM items WHERE user_id = ? AND id = ?", (user_id, item_id))

    @contextmanager
    def changes(self, user_id: str) -> Iterator[asyncio.Event]:
        """Give an event that is set at each change of the user's list; clear it before you look."""
        changed = asyncio.Event()
        self._waiting.setdefault(user_id, set()).add(changed)
        try:
            yield changed
        finally:
            self._waiting[user_id].discard(changed)
            if not self._waiting[user_id]:
                del self._waiting[user_id]

    def _change(self, user_id: str, statement: str, values: tuple[object, ...]) -> bool:
        has_changed = self._connection.execute(statement, values).rowcount > 0
        if has_changed:
            self._tell(user_id)
        return has_changed

    def _tell(self, user_id: str) -> None:
        for changed in self._waiting.get(user_id, ()):
            changed.set()
