"""Session ids of users and packages with hyphens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions_app.protocol.session_ids import (
    SessionIdParts,
    app_session_id,
    find_user_id,
    list_candidate_splits,
    split_app_session_id,
)

local_parts = st.text(alphabet="ab-.+1", min_size=1, max_size=12)
domains = st.text(alphabet="ab-.1", min_size=1, max_size=12)
packages = st.text(alphabet="ab-._1", min_size=1, max_size=20)


@given(local=local_parts, domain=domains, package=packages)
def test_making_and_taking_apart_agree_when_the_package_is_known(
    local: str, domain: str, package: str
) -> None:
    user_id = f"{local}@{domain}"
    session_id = app_session_id(user_id, package)
    assert find_user_id(session_id, package) == user_id
    split = split_app_session_id(session_id, known_packages={package}, active_users={user_id})
    assert split == SessionIdParts(user_id, package)


@given(session_id=st.text())
def test_any_text_can_be_taken_apart(session_id: str) -> None:
    for split in list_candidate_splits(session_id):
        assert split.user_id.count("@") == 1
        assert split.package_name


def test_a_user_id_is_lower_case_in_a_session_id() -> None:
    assert app_session_id("Grace@Example.org", "org.example.Notes") == "grace@example.org-org.example.Notes"


def test_a_session_id_of_another_package_has_no_user() -> None:
    assert find_user_id("grace@example.org-org.example.notes", "org.example.map") is None
    assert find_user_id("-org.example.notes", "org.example.notes") is None


def test_candidates_come_with_the_shortest_user_first() -> None:
    assert list_candidate_splits("a-b@my-site.org-org.example.notes") == [
        SessionIdParts("a-b@my", "site.org-org.example.notes"),
        SessionIdParts("a-b@my-site.org", "org.example.notes"),
    ]


AMBIGUOUS = "g@my-site.org-org.example.notes"
ODD = "site.org-org.example.notes"
PLAIN = "org.example.notes"


@pytest.mark.parametrize(
    ("known", "active", "expected"),
    [
        ({PLAIN}, set(), ("g@my-site.org", PLAIN)),
        ({ODD}, set(), ("g@my", ODD)),
        ({ODD, PLAIN}, set(), ("g@my-site.org", PLAIN)),
        ({ODD, PLAIN}, {"g@my"}, ("g@my", ODD)),
        ({ODD, PLAIN}, {"g@my", "g@my-site.org"}, ("g@my-site.org", PLAIN)),
        ({PLAIN}, {"g@my"}, ("g@my-site.org", PLAIN)),
        (set(), {"g@my"}, None),
    ],
)
def test_facts_decide_between_splits(
    known: set[str], active: set[str], expected: tuple[str, str] | None
) -> None:
    assert split_app_session_id(AMBIGUOUS, known_packages=known, active_users=active) == expected


def test_without_a_plausible_package_the_shortest_user_wins() -> None:
    split = split_app_session_id("g@x-one-two", known_packages={"one-two", "two"})
    assert split == SessionIdParts("g@x", "one-two")


@pytest.mark.parametrize(
    "session_id", ["", "-", "grace@example.org", "a@b@c-org.example.notes", "nobody-org.example.notes"]
)
def test_text_without_a_user_is_no_session_id(session_id: str) -> None:
    assert split_app_session_id(session_id, known_packages={PLAIN}) is None
