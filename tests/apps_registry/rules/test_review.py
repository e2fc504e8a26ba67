"""The way of an app to everybody: every move of the table, and what an app needs before the first."""

from typing import Any

import pytest

from apps_registry.errors import RegistryError, ReviewRefused
from apps_registry.rules import ReviewEvent, StoreStatus, find_lacks, next_status, read_notes
from apps_registry.rules.review import TRANSITIONS

WHOLE: dict[str, Any] = {
    "description": "Shows on the display what is said.",
    "has_icon": True,
    "public_url": "https://app.example",
    "reasons": {"MICROPHONE": "to hear you"},
    "has_key": True,
}
EVERY_MOVE = [(status, event) for status in StoreStatus for event in ReviewEvent]


@pytest.mark.parametrize(("status", "event"), EVERY_MOVE)
def test_a_move_is_in_the_table_or_refused_with_a_code(status: StoreStatus, event: ReviewEvent) -> None:
    if (status, event) in TRANSITIONS:
        assert next_status(status, event) == TRANSITIONS[status, event]
        return
    with pytest.raises(ReviewRefused) as refused:
        next_status(status, event)
    assert refused.value.code in ("ALREADY_SUBMITTED", "NOT_SUBMITTED", "NOT_PUBLISHED")


def test_only_approval_publishes() -> None:
    assert [move for move, status in TRANSITIONS.items() if status == StoreStatus.PUBLISHED] == [
        (StoreStatus.SUBMITTED, ReviewEvent.APPROVED)
    ]


def test_a_whole_app_lacks_nothing() -> None:
    assert find_lacks(**WHOLE) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"description": "Too short.   "}, "DESCRIPTION"),
        ({"has_icon": False}, "ICON"),
        ({"public_url": "http://app.example"}, "PUBLIC_URL"),
        ({"public_url": "https://localhost:3000"}, "PUBLIC_URL"),
        ({"public_url": "https://server"}, "PUBLIC_URL"),
        ({"public_url": "https://printer.local"}, "PUBLIC_URL"),
        ({"public_url": "https://10.0.0.7"}, "PUBLIC_URL"),
        ({"public_url": "https://[::1]"}, "PUBLIC_URL"),
        ({"reasons": {"CAMERA": " ", "MICROPHONE": "to hear you"}}, "PERMISSION_REASONS"),
        ({"has_key": False}, "API_KEY"),
    ],
)
def test_what_is_missing_has_a_code_and_a_sentence(change: dict[str, Any], code: str) -> None:
    [lack] = find_lacks(**{**WHOLE, **change})
    assert lack.code == code
    assert lack.message.endswith(".")


def test_a_cloud_of_ones_own_takes_any_url() -> None:
    assert find_lacks(**{**WHOLE, "public_url": "http://127.0.0.1:3000"}, takes_any_url=True) == []
    assert find_lacks(**{**WHOLE, "public_url": "https://93.184.216.34"}) == []


def test_notes_of_a_rejection_say_something() -> None:
    assert read_notes(" Too dark. ", required=True) == "Too dark."
    assert read_notes("", required=False) == ""
    with pytest.raises(ReviewRefused, match="notes are empty"):
        read_notes("  ", required=True)
    with pytest.raises(RegistryError):
        read_notes("x" * 5000, required=False)
