"""What an app may keep about one user."""

import pytest

from apps_registry.errors import RegistryError, StorageFull
from apps_registry.rules.storage import (
    MOST_BYTES,
    MOST_KEY_CHARACTERS,
    MOST_VALUE_UNITS,
    check_texts,
    check_total,
)


@pytest.mark.parametrize(
    "value",
    ["", " kept to the letter\n", "\x00", '{"a": 1}', "ä" * MOST_VALUE_UNITS, "👓" * (MOST_VALUE_UNITS // 2)],
)
def test_what_sdks_let_through_is_taken(value: str) -> None:
    assert check_texts({"key": value}) == {"key": value}


@pytest.mark.parametrize(
    "value",
    [
        1,
        None,
        True,
        ["a"],
        {"a": "b"},
        "\ud800",
        "a" * (MOST_VALUE_UNITS + 1),
        "👓" * (MOST_VALUE_UNITS // 2 + 1),
    ],
)
def test_what_is_no_value(value: object) -> None:
    with pytest.raises(RegistryError, match="'key'"):
        check_texts({"other": "good", "key": value})


@pytest.mark.parametrize("key", ["a", "a/b.c", "__proto__", "ü", "k" * MOST_KEY_CHARACTERS])
def test_a_key_is_any_short_text(key: str) -> None:
    assert check_texts({key: "v"}) == {key: "v"}


@pytest.mark.parametrize("key", ["", "\udfff", "k" * (MOST_KEY_CHARACTERS + 1)])
def test_what_is_no_key(key: str) -> None:
    with pytest.raises(RegistryError, match="key"):
        check_texts({key: "v"})


def test_the_total_counts_bytes_of_keys_and_values() -> None:
    check_total({"ä": "ö" * (MOST_BYTES // 2 - 1)})
    with pytest.raises(StorageFull, match=f"{MOST_BYTES + 1} bytes"):
        check_total({"ä": "ö" * (MOST_BYTES // 2 - 1), "a": ""})
