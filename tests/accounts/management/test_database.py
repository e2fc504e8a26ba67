"""A database that is not ready is explained in one sentence."""

import pytest
from django.core.management import CommandError
from django.db import OperationalError

from accounts.management.database import explained_database_errors


def test_a_missing_table_names_the_way_out() -> None:
    with (
        pytest.raises(CommandError, match=r"no such table: x\).*manage.py migrate"),
        explained_database_errors(),
    ):
        raise OperationalError("no such table: x")


def test_other_errors_pass() -> None:
    with pytest.raises(KeyError), explained_database_errors():
        raise KeyError
