"""What commands tell an operator whose database is not ready."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.base import CommandError
from django.db import DatabaseError


@contextmanager
def explained_database_errors() -> Iterator[None]:
    """Turn a database failure inside the block into one clear sentence."""
    try:
        yield
    except DatabaseError as error:
        detail = str(error).strip().rstrip(".")
        raise CommandError(
            f"The database did not answer as expected ({detail}). If it is new, run: python manage.py migrate"
        ) from error
