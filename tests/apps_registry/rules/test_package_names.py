"""Package names for who has none in mind are good ones, whatever people and apps are called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps_registry.rules import first_free, is_package_name, suggest_package_name


@pytest.mark.parametrize(
    ("name", "email", "organization", "suggestion"),
    [
        ("Live Captions", "ada@lab.acme.io", "acme", "io.acme.lab.livecaptions"),
        ("Übersetzer!", "ada@acme.io", "", "io.acme.ubersetzer"),
        ("Notes", "ada.l@gmail.com", "ada-labs", "app.adalabs.notes"),
        ("Notes", "ada.l@gmail.com", "", "app.adal.notes"),
        ("Notes", "root@localhost", "", "app.root.notes"),
        ("", "ada@acme.io", "", "io.acme.myapp"),
        ("字幕", "ada@acme.io", "", "io.acme.myapp"),
    ],
)
def test_the_domain_turned_round_and_the_name(
    name: str, email: str, organization: str, suggestion: str
) -> None:
    assert suggest_package_name(name=name, email=email, organization=organization) == suggestion


@given(st.text(max_size=150), st.emails(), st.text(max_size=80))
def test_every_suggestion_can_be_registered(name: str, email: str, organization: str) -> None:
    suggestion = suggest_package_name(name=name, email=email, organization=organization)
    assert is_package_name(first_free(suggestion, {suggestion, f"{suggestion}2"}))


def test_a_taken_name_gets_a_number() -> None:
    assert first_free("a.b", set()) == "a.b"
    assert first_free("a.b", {"a.b", "a.b2", "a.b4"}) == "a.b3"
