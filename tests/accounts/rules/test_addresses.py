"""Addresses, without a database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.errors import InvalidEmail
from accounts.rules import normalize_email, read_email
from tests.accounts.rules.test_user_settings import JSON


def test_an_address_is_stripped_and_lower_cased() -> None:
    assert read_email("  Ada.Lovelace+glasses@Example.COM ") == "ada.lovelace+glasses@example.com"


def test_a_local_host_name_is_good_enough_for_a_private_installation() -> None:
    assert read_email("dev@localhost") == "dev@localhost"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ada",
        "@example.com",
        "ada@",
        "a@b@c",
        "a b@example.com",
        "ada@exam\x00ple",
        "\ud800@x",
        "a" * 250 + "@x.de",
    ],
)
def test_what_cannot_be_a_user_id_is_refused(text: str) -> None:
    with pytest.raises(InvalidEmail):
        read_email(text)


@pytest.mark.parametrize("value", [None, 7, ["ada@example.com"], {"email": "ada@example.com"}, True])
def test_an_address_is_a_text(value: object) -> None:
    with pytest.raises(InvalidEmail, match="no e-mail address"):
        read_email(value)


@given(st.text())
def test_normalizing_twice_changes_nothing(text: str) -> None:
    assert normalize_email(normalize_email(text)) == normalize_email(text)


@given(JSON)
def test_reading_an_address_never_fails_otherwise(value: object) -> None:
    try:
        read_email(value)
    except InvalidEmail as error:
        assert error.message
