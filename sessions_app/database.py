"""The way from the event loop to the database: never on the loop's thread, in order where order matters.

Knows no model. A node has few database threads on purpose: SQLite takes one writer at a time, and waiting for
a thread costs less than two writers that collide.
"""

import asyncio
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TypeVar

from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connection, connections

from sessions_app.errors import OwnershipLost
from sessions_app.outages import database_outage

logger = logging.getLogger(__name__)

T = TypeVar("T")
_POSTGRES_THREADS = 4
_FIRST_PAUSE_SECONDS = 0.25
_LONGEST_PAUSE_SECONDS = 5.0
_TRIES = 720  # an hour
_PROVEN_SECONDS = 1.0

# What Django raises while the database is away, restarting, or held by another writer for too long.
DATABASE_AWAY = (OperationalError, InterfaceError)

_thread = threading.local()


@lru_cache(maxsize=1)
def _pool() -> ThreadPoolExecutor:
    workers = 1 if connection.vendor == "sqlite" else _POSTGRES_THREADS
    return ThreadPoolExecutor(max_workers=workers, thread_name_prefix="database")


def _on_good_connection(work: Callable[[], T]) -> T:
    """Do `work` on a connection that was proven a moment ago: proving it costs a query of its own."""
    database, now = connections[DEFAULT_DB_ALIAS], time.monotonic()
    if database.errors_occurred or now - getattr(_thread, "proven_at", 0.0) > _PROVEN_SECONDS:
        database.close_if_unusable_or_obsolete()
        _thread.proven_at = now
    try:
        done = work()
    except DATABASE_AWAY as problem:
        database_outage.seen(problem)
        raise
    if not database.errors_occurred:
        database_outage.over()
    return done


async def in_database(work: Callable[..., T], *args: object, **kwargs: object) -> T:
    """Run a synchronous query or service on a database thread and return what it returns.

    Raises one of DATABASE_AWAY while the database is away. One that only hangs keeps the caller: bound the wait.
    """
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_pool(), _on_good_connection, partial(work, *args, **kwargs))


def give_back_connection() -> None:
    """Close this thread's connection, unless a transaction is open on it: who waits for long keeps none meanwhile."""
    if not connection.in_atomic_block:
        connection.close()


def at_once(work: Callable[..., T], *args: object, timeout_seconds: float) -> T:
    """Run a query on a database thread while the event loop stands still; raises TimeoutError.

    For the one moment in which nothing may happen before the answer is known; everything else uses `in_database`.
    """
    return _pool().submit(_on_good_connection, partial(work, *args)).result(timeout_seconds)


def _carry_out(writes: list[Callable[[], object]]) -> tuple[int, Exception | None]:
    """Carry out writes one by one, each its own transaction; return how many were stored and what ended it."""
    for done, write in enumerate(writes):
        try:
            write()
        except Exception as problem:  # noqa: BLE001  judged by the journal
            return done, problem
    return len(writes), None


@dataclass(slots=True, eq=False)
class _Write:
    work: Callable[[], object]
    stored: asyncio.Future[bool]
    subject: Hashable = None
    begun: bool = False


class Journal:
    """The writes of one session, carried out in the order given.

    The hot state of the owner changes at once, its row follows within milliseconds. A write that finds the
    database away is tried again, so that a restart of the database loses nothing; a write that finds another
    owner ends the journal and calls `on_ownership_lost` once.
    """

    def __init__(self, on_ownership_lost: Callable[[], None]) -> None:
        self._on_ownership_lost = on_ownership_lost
        self._waiting: deque[_Write] = deque()
        self._newest: dict[Hashable, _Write] = {}
        self._writer: asyncio.Task[None] | None = None
        self._closed = False

    def write(self, work: Callable[..., object], *args: object, **kwargs: object) -> asyncio.Future[bool]:
        """Queue a write; the future says whether it was stored. Nobody has to wait for it."""
        return self._queue(_Write(partial(work, *args, **kwargs), asyncio.get_running_loop().create_future()))

    def write_newest(
        self, subject: Hashable, work: Callable[..., object], *args: object, **kwargs: object
    ) -> None:
        """Queue a write that makes an older one on the same subject needless, if that was not begun yet.

        For what a peer may change as often as it likes: however often it does, one write waits.
        """
        older = self._newest.get(subject)
        if older is not None and not older.begun:
            self._waiting.remove(older)
            older.stored.set_result(True)
        stored: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._queue(_Write(partial(work, *args, **kwargs), stored, subject))

    def _queue(self, write: _Write) -> asyncio.Future[bool]:
        if self._closed:
            write.stored.set_result(False)
            return write.stored
        self._waiting.append(write)
        if write.subject is not None:
            self._newest[write.subject] = write
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._drain())
        return write.stored

    @property
    def waiting_count(self) -> int:
        """How many writes are not stored yet."""
        return len(self._waiting)

    async def flush(self) -> None:
        """Wait until everything queued so far is stored or given up."""
        if self._writer is not None:
            await asyncio.shield(self._writer)

    def close(self) -> None:
        """Take no further write; what is queued is still carried out."""
        self._closed = True

    async def _drain(self) -> None:
        tries, pause = 0, _FIRST_PAUSE_SECONDS
        while self._waiting:
            batch = list(self._waiting)
            self._mark(batch, begun=True)
            done, problem = await in_database(_carry_out, [write.work for write in batch])
            self._mark(batch, begun=False)
            for _ in range(done):
                self._settle(stored=True)
            if done:
                tries, pause = 0, _FIRST_PAUSE_SECONDS
            if problem is None:
                continue
            tries += 1
            if isinstance(problem, OwnershipLost):
                self._abandon()
            elif not isinstance(problem, DATABASE_AWAY):
                logger.error("A write was refused by the database", exc_info=problem)
                self._settle(stored=False)
            elif tries == _TRIES:
                logger.error("A write was given up: the database stayed away")
                self._settle(stored=False)
                tries, pause = 0, _FIRST_PAUSE_SECONDS
            else:
                database_outage.seen(problem)
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)

    def _settle(self, *, stored: bool) -> None:
        """Take the oldest write out of the queue and tell whoever waits for it."""
        if self._waiting:
            self._end(self._waiting.popleft(), stored=stored)

    def _end(self, write: _Write, *, stored: bool) -> None:
        if self._newest.get(write.subject) is write:
            del self._newest[write.subject]
        if not write.stored.done():
            write.stored.set_result(stored)

    @staticmethod
    def _mark(writes: list[_Write], *, begun: bool) -> None:
        for write in writes:
            write.begun = begun

    def _abandon(self) -> None:
        first = not self._closed
        self._closed = True
        while self._waiting:
            self._end(self._waiting.popleft(), stored=False)
        if first:
            self._on_ownership_lost()
