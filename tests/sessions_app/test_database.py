"""The writes of a session: in order, tried again while the database is away, ended by another owner."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

import pytest
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from sessions_app import database
from sessions_app.database import Journal
from sessions_app.errors import OwnershipLost


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_FIRST_PAUSE_SECONDS", 0.001)
    monkeypatch.setattr(database, "_LONGEST_PAUSE_SECONDS", 0.001)


class Losses:
    """Counts how often ownership was lost."""

    def __init__(self) -> None:
        self.number = 0

    def __call__(self) -> None:
        self.number += 1


def failing(times: int, problem: Exception, then: Callable[[], object]) -> Callable[[], None]:
    """Return a write that fails a number of times before it does `then`."""
    left = [times]

    def write() -> None:
        if left[0]:
            left[0] -= 1
            raise problem
        then()

    return write


async def test_writes_are_carried_out_in_the_order_given() -> None:
    journal, done = Journal(Losses()), list[int]()
    stored = [journal.write(done.append, number) for number in range(20)]
    assert all(await asyncio.gather(*stored))
    assert done == list(range(20))


async def test_a_write_waits_for_a_database_that_is_away_and_so_do_the_later_ones() -> None:
    journal, done = Journal(Losses()), list[str]()
    first = journal.write(failing(3, OperationalError("away"), lambda: done.append("first")))
    second = journal.write(done.append, "second")
    assert await first
    assert await second
    assert done == ["first", "second"]


async def test_a_write_is_given_up_after_many_tries_and_the_next_gets_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(database, "_TRIES", 4)
    journal, done = Journal(Losses()), list[str]()
    first = journal.write(failing(4, OperationalError("away"), lambda: done.append("first")))
    second = journal.write(failing(3, OperationalError("away"), lambda: done.append("second")))
    assert not await first
    assert await second
    assert done == ["second"]


async def test_a_refused_write_does_not_hold_up_the_others() -> None:
    journal, done = Journal(Losses()), list[str]()
    refused = journal.write(failing(1, ValueError("nonsense"), lambda: done.append("never")))
    kept = journal.write(done.append, "kept")
    assert not await refused
    assert await kept
    assert done == ["kept"]


async def test_another_owner_ends_the_journal_once() -> None:
    losses = Losses()
    journal, done = Journal(losses), list[str]()
    before = journal.write(done.append, "before")
    lost = journal.write(failing(1, OwnershipLost("moved on"), lambda: done.append("never")))
    after = journal.write(done.append, "after")
    assert [await before, await lost, await after] == [True, False, False]
    assert not await journal.write(done.append, "later")
    assert (done, losses.number) == (["before"], 1)


async def test_a_closed_journal_still_carries_out_what_is_queued() -> None:
    journal, done = Journal(Losses()), list[str]()
    queued = journal.write(done.append, "queued")
    journal.close()
    assert not await journal.write(done.append, "too late")
    await journal.flush()
    assert await queued
    assert done == ["queued"]


async def test_of_writes_on_one_subject_that_wait_the_newest_is_carried_out() -> None:
    journal, done = Journal(Losses()), list[str]()
    first = journal.write(done.append, "first")
    for number in range(1_000):
        journal.write_newest("subscriptions", done.append, f"subscriptions {number}")
        journal.write_newest("settings", done.append, f"settings {number}")
    last = journal.write(done.append, "last")
    assert await first
    assert await last
    assert done == ["first", "subscriptions 999", "settings 999", "last"]


async def test_a_write_that_was_begun_is_not_replaced() -> None:
    journal, done = Journal(Losses()), list[str]()
    begun, go_on = threading.Event(), threading.Event()

    def slowly() -> None:
        begun.set()
        go_on.wait(5)
        done.append("begun")

    journal.write_newest("subject", slowly)
    assert await asyncio.to_thread(begun.wait, 5)
    journal.write_newest("subject", done.append, "newer")
    journal.write_newest("subject", done.append, "newest")
    go_on.set()
    await journal.flush()
    assert done == ["begun", "newest"]


async def test_a_connection_is_proven_once_in_a_while_and_after_each_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    proofs: list[bool] = []

    def prove(self: BaseDatabaseWrapper) -> None:
        proofs.append(True)
        self.errors_occurred = False

    def fail() -> None:
        connections[DEFAULT_DB_ALIAS].errors_occurred = True

    monkeypatch.setattr(BaseDatabaseWrapper, "close_if_unusable_or_obsolete", prove)
    monkeypatch.setattr(database, "_pool", lru_cache(lambda: ThreadPoolExecutor(1)))
    for _ in range(3):
        await database.in_database(int)
    assert len(proofs) == 1
    await database.in_database(fail)
    await database.in_database(int)
    assert len(proofs) == 2
    monkeypatch.setattr(database, "_PROVEN_SECONDS", 0.0)
    await database.in_database(int)
    assert len(proofs) == 3
