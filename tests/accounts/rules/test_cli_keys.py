"""Keys of the command line: names and lives."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.errors import InvalidCliKey
from accounts.rules import check_room, expiry_of_key, read_key_name

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def test_a_name_is_one_line() -> None:
    assert read_key_name("  build \n server ") == "build server"


@pytest.mark.parametrize("name", ["", " ", None, 7, "x" * 101, "a\x00b"])
def test_what_is_no_name_is_refused(name: object) -> None:
    with pytest.raises(InvalidCliKey):
        read_key_name(name)


def test_a_key_lasts_whole_days_or_for_ever() -> None:
    assert expiry_of_key(NOW, None) is None
    assert expiry_of_key(NOW, 30) == NOW + timedelta(days=30)


@pytest.mark.parametrize("days", [0, -1, 3651, True, 1.5, "30", 10**30])
def test_other_lives_are_refused(days: object) -> None:
    with pytest.raises(InvalidCliKey):
        expiry_of_key(NOW, days)


def test_nobody_needs_fifty_keys() -> None:
    check_room(49)
    with pytest.raises(InvalidCliKey, match="50"):
        check_room(50)
