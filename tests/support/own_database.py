"""A real database of one test's own, reachable from several threads: a SQLite file, or PostgreSQL when it answers."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, TypeVar

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection, connections
from pytest_django import DjangoDbBlocker

from tests.support.postgres import fresh_database

T = TypeVar("T")

BOTH = ["sqlite", "postgresql"]


def _sqlite(folder: Path) -> dict[str, Any]:
    pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(folder / "races.sqlite3"),
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": pragmas},
    }


@contextmanager
def _postgresql() -> Iterator[dict[str, Any]]:
    with ExitStack() as stack:
        try:
            server, name = stack.enter_context(fresh_database())
        except psycopg.OperationalError as error:
            pytest.skip(f"PostgreSQL does not answer (POSTGRES_TEST_URL says where): {error}")
        yield {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": name,
            "HOST": server.host,
            "PORT": str(server.port),
            "USER": server.user,
            "PASSWORD": server.password,
            "OPTIONS": {},
        }


@contextmanager
def own_database(kind: str, folder: Path, blocker: DjangoDbBlocker) -> Iterator[None]:
    """Let `default` be a fresh, migrated database of this kind for every thread, until the block ends."""
    if kind == "sqlite":
        with _in_place_of_default(_sqlite(folder), blocker):
            yield
    else:
        with _postgresql() as config, _in_place_of_default(config, blocker):
            yield


@contextmanager
def _in_place_of_default(config: dict[str, Any], blocker: DjangoDbBlocker) -> Iterator[None]:
    with blocker.unblock():
        kept_settings, kept_connection = connections.settings["default"], connections["default"]
        connections.settings["default"] = {**kept_settings, **config}
        connections["default"] = connections.create_connection("default")
        try:
            call_command("migrate", verbosity=0, interactive=False)
            yield
        finally:
            connection.close()
            connections.settings["default"] = kept_settings
            connections["default"] = kept_connection


def at_the_same_time(*works: Callable[[], T]) -> Sequence[T]:
    """Run each work on a thread and connection of its own, all let go at once; return what they returned."""
    [results] = again_and_again(1, lambda _: None, *(lambda _, work=work: work() for work in works))
    return results


def again_and_again(
    rounds: int, prepare: Callable[[int], None], *works: Callable[[int], T]
) -> Sequence[Sequence[T]]:
    """Do the same for many rounds on the same threads: each round is prepared, then all works are let go at once.

    All of them are given the number of the round. Returns for each round what the works returned.
    """
    results: list[list[Any]] = [[None] * len(works) for _ in range(rounds)]
    failures: list[BaseException] = []
    numbers = iter(range(rounds))
    gate = threading.Barrier(len(works), action=lambda: prepare(next(numbers)))

    def run(index: int, work: Callable[[int], T]) -> None:
        try:
            connection.ensure_connection()
            for number in range(rounds):
                gate.wait()
                results[number][index] = work(number)
        except BaseException as error:  # noqa: BLE001 - it is raised again by the caller's thread
            failures.append(error)
            gate.abort()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index, work)) for index, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return results
