"""What organizations may say about themselves."""

import pytest
from hypothesis import given

from accounts.errors import InvalidOrganization
from accounts.rules import read_organization
from tests.accounts.rules.test_user_settings import JSON

FIELDS = ("name", "slug", "website", "logo_url", "contact_email", "description")


def test_good_values_are_stored_in_one_spelling() -> None:
    assert read_organization(
        {
            "name": "  Example\n Labs ",
            "slug": "example-labs",
            "website": " https://labs.example/about ",
            "contact_email": "Hello@Labs.Example",
            "description": "Two\nlines",
        }
    ) == {
        "name": "Example Labs",
        "slug": "example-labs",
        "website": "https://labs.example/about",
        "contact_email": "hello@labs.example",
        "description": "Two\nlines",
    }


def test_the_profile_may_be_empty() -> None:
    empty = {"website": "", "contact_email": " ", "description": ""}
    assert read_organization(empty) == dict.fromkeys(empty, "")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "),
        ("name", "x" * 151),
        ("name", "a\x00b"),
        ("name", "\u202eevil"),
        ("slug", ""),
        ("slug", "Example"),
        ("slug", "a/b"),
        ("slug", "ä"),
        ("website", "labs.example"),
        ("website", "javascript:alert(1)"),
        ("website", "https://"),
        ("website", "https://[x"),
        ("website", "https://a b"),
        ("logo_url", "data:image/png;base64,xx"),
        ("contact_email", "nobody"),
        ("description", "x" * 1001),
        ("owner", "me"),
    ],
)
def test_a_bad_value_is_refused_by_name(field: str, value: str) -> None:
    with pytest.raises(InvalidOrganization) as refused:
        read_organization({field: value})
    assert refused.value.field == field


@given(JSON)
def test_reading_never_fails_otherwise(value: object) -> None:
    for field in FIELDS:
        try:
            assert isinstance(read_organization({field: value})[field], str)
        except InvalidOrganization as error:
            assert error.message
