"""Suggested package names are possible ones, and never claim somebody else's domain."""

import pytest

from apps_registry.rules import is_package_name
from apps_registry.rules.suggestions import suggest_package_name


@pytest.mark.parametrize(
    ("email", "name", "suggested"),
    [
        ("dora@acme.example", "Hello", "example.acme.hello"),
        ("dora@mail.acme.co.uk", "My First App!", "uk.co.acme.mail.myfirstapp"),
        ("dora.d+x@gmail.com", "Hello", "me.dorad.hello"),
        ("dora@localhost", "Hello", "com.example.hello"),
        ("дора@gmail.com", "Привет", "me.somebody.myapp"),
        ("", "", "com.example.myapp"),
    ],
)
def test_a_name_follows_the_address_and_what_was_typed(email: str, name: str, suggested: str) -> None:
    assert suggest_package_name(email, name) == suggested
    assert is_package_name(suggested)


def test_even_very_long_words_make_a_possible_name() -> None:
    assert is_package_name(suggest_package_name("dora@acme.example", "x" * 500))
