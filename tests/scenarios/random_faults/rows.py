"""The cloud's rows as the checker and the settling phase see them: plain SQL, on PostgreSQL and on SQLite."""

import json
import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

READ_TRIES = 5
SESSIONS = """
    SELECT s.id, u.email, s.state, s.owner, s.disconnected_at, s.dispose_reason
    FROM sessions_app_usersession s JOIN accounts_user u ON u.id = s.user_id ORDER BY s.started_at
"""
RUNS = "SELECT session_id, package_name, state, subscriptions FROM sessions_app_apprun ORDER BY id"
MOVES = """
    SELECT id, session_id, package_name, from_state, to_state, cause, detail, at
    FROM sessions_app_sessiontransition ORDER BY id
"""


@dataclass(frozen=True)
class SessionRow:
    """A user's session."""

    session: str
    user: str
    state: str
    owner: str = ""
    disconnected_at: float | None = None
    reason: str = ""


@dataclass(frozen=True)
class RunRow:
    """An app in a session."""

    session: str
    package: str
    state: str
    subscriptions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Move:
    """A change of state of a session (`package` is empty) or of an app in it; `number` gives the order."""

    number: int
    session: str
    package: str
    before: str
    after: str
    cause: str
    detail: str
    at: float


@dataclass(frozen=True)
class Rows:
    """Everything the database says of sessions at one moment."""

    sessions: tuple[SessionRow, ...] = ()
    runs: tuple[RunRow, ...] = ()
    moves: tuple[Move, ...] = ()

    def moves_of(self, session: str, package: str = "") -> list[Move]:
        """List the moves of a session, or of an app in it, in the order they were made."""
        return [move for move in self.moves if (move.session, move.package) == (session, package)]

    def user_of(self, session: str) -> str:
        """Return whose session it is."""
        return next(row.user for row in self.sessions if row.session == session)


class Database:
    """Reads the rows of the cloud at a DATABASE_URL, or of the SQLite file in its data folder."""

    def __init__(self, url: str | None, data_dir: Path) -> None:
        self._url = url
        self._file = data_dir / "mentra.sqlite3"

    def read(self, *, with_moves: bool = True) -> Rows:
        """Return the rows of now; without moves it is cheap. Tries again when its own connection was cut."""
        queries = [SESSIONS, RUNS, *([MOVES] if with_moves else [])]
        for _ in range(READ_TRIES):
            with suppress(psycopg.OperationalError):
                return self._rows(self._select(queries))
        return self._rows(self._select(queries))

    def _rows(self, tables: Sequence[list[Any]]) -> Rows:
        sessions, runs, *moves = tables
        return Rows(
            tuple(
                SessionRow(_id(s), user, state, owner, _seconds(at), why)
                for s, user, state, owner, at, why in sessions
            ),
            tuple(RunRow(_id(s), package, state, _streams(streams)) for s, package, state, streams in runs),
            tuple(
                Move(number, _id(s), package, before, after, cause, detail, _seconds(at) or 0.0)
                for table in moves
                for number, s, package, before, after, cause, detail, at in table
            ),
        )

    def cut_connections(self) -> bool:
        """End every connection of the cloud to its PostgreSQL server; false on SQLite, which has none."""
        if self._url is None:
            return False
        with psycopg.connect(self._url, autocommit=True, connect_timeout=5) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        return True

    def _select(self, queries: Sequence[str]) -> list[list[Any]]:
        if self._url is None:
            with sqlite3.connect(f"file:{self._file}?mode=ro", uri=True, timeout=20) as connection:
                found = [connection.execute(query).fetchall() for query in queries]
            connection.close()
            return found
        with psycopg.connect(self._url, connect_timeout=5) as server:
            server.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            return [server.execute(query.encode()).fetchall() for query in queries]


def _id(value: object) -> str:
    return str(value).replace("-", "")


def _seconds(value: object) -> float | None:
    if isinstance(value, str):
        value = datetime.fromisoformat(value).replace(tzinfo=UTC)
    return value.timestamp() if isinstance(value, datetime) else None


def _streams(value: object) -> tuple[str, ...]:
    entries = json.loads(value) if isinstance(value, str) else value
    assert isinstance(entries, list)
    return tuple(str(entry) for entry in entries)
