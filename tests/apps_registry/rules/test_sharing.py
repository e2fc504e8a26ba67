"""For how long and for whom a link holds."""

from datetime import UTC, datetime, timedelta

import pytest

from apps_registry.errors import RegistryError, ShareRefused
from apps_registry.rules import ShareState, check_share, new_share_token, read_share_terms, share_state

NOW = datetime(2030, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("expires_at", "revoked_at", "uses", "most_uses", "state"),
    [
        (NOW + DAY, None, 7, None, ShareState.OPEN),
        (NOW + DAY, None, 1, 2, ShareState.OPEN),
        (NOW + DAY, None, 2, 2, ShareState.USED_UP),
        (NOW, None, 0, None, ShareState.EXPIRED),
        (NOW - DAY, NOW - DAY, 9, 2, ShareState.REVOKED),
    ],
)
def test_a_link_is_open_until_time_number_or_hand_ends_it(
    expires_at: datetime, revoked_at: datetime | None, uses: int, most_uses: int | None, state: ShareState
) -> None:
    found = share_state(now=NOW, expires_at=expires_at, revoked_at=revoked_at, uses=uses, most_uses=most_uses)
    assert found is state


@pytest.mark.parametrize("state", [state for state in ShareState if state is not ShareState.OPEN])
def test_a_closed_link_says_why(state: ShareState) -> None:
    with pytest.raises(ShareRefused) as refused:
        check_share(state=state, meant_for="", email="ada@example.com", is_deprecated=False)
    assert refused.value.code == state.value.upper()


def test_a_mailed_link_is_for_its_address_only() -> None:
    check_share(
        state=ShareState.OPEN, meant_for="ada@example.com", email="ada@example.com", is_deprecated=False
    )
    with pytest.raises(ShareRefused) as refused:
        check_share(
            state=ShareState.OPEN, meant_for="ada@example.com", email="bob@example.com", is_deprecated=False
        )
    assert refused.value.code == "OTHER_PERSON"
    assert "ada@example.com" not in refused.value.message


def test_what_is_no_longer_offered_is_not_tested() -> None:
    with pytest.raises(ShareRefused, match="no longer offered"):
        check_share(state=ShareState.OPEN, meant_for="", email="ada@example.com", is_deprecated=True)


def test_terms_are_whole_numbers_within_reason() -> None:
    assert read_share_terms(days=" 30 ", most_uses="") == (30, None)
    assert read_share_terms(days=365, most_uses=1) == (365, 1)


@pytest.mark.parametrize("days", ["", "0", "-1", "1.5", "366", "9" * 5000, None, "٣"])
def test_other_terms_are_refused(days: object) -> None:
    with pytest.raises(RegistryError, match="whole number from 1 to 365"):
        read_share_terms(days=days, most_uses=None)


def test_tokens_differ() -> None:
    assert len({new_share_token() for _ in range(50)}) == 50
