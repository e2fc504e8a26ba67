"""Counting what a piece of code asks of the database."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext

_WORK = ("SELECT", "INSERT", "UPDATE", "DELETE")


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collect the SQL statements run inside the block, without those that only begin and end transactions."""
    collected: list[str] = []
    with CaptureQueriesContext(connection) as captured:
        yield collected
    collected.extend(query["sql"] for query in captured if query["sql"].startswith(_WORK))
