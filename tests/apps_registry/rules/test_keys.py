"""How keys are made and compared."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest

from apps_registry.rules import (
    KeyState,
    hash_api_key,
    is_api_key,
    is_same_key,
    judge_key_state,
    key_prefix,
    new_api_key,
    new_webhook_secret,
)


def test_a_key_is_64_hex_characters_and_never_the_same() -> None:
    first, second = new_api_key(), new_api_key()
    assert is_api_key(first)
    assert is_api_key(new_webhook_secret())
    assert first != second


def test_the_digest_is_what_an_sdk_computes_from_the_key() -> None:
    assert hash_api_key("ab" * 32) == hashlib.sha256(b"ab" * 32).hexdigest()


def test_only_the_start_of_a_key_is_shown() -> None:
    assert key_prefix("0123456789abcdef" * 4) == "01234567"


def test_a_key_is_recognized_by_its_digest() -> None:
    plain = new_api_key()
    assert is_same_key(plain, hash_api_key(plain))
    assert not is_same_key(new_api_key(), hash_api_key(plain))


@pytest.mark.parametrize("text", ["", "ab", "AB" * 32, "g" * 64, "ab" * 32 + "\n", "\x00" * 64])
def test_other_texts_have_not_the_form_of_a_key(text: str) -> None:
    assert not is_api_key(text)


NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("revoked_at", "expires_at", "state"),
    [
        (None, None, KeyState.LIVE),
        (None, NOON + HOUR, KeyState.ENDING),
        (None, NOON, KeyState.ENDED),
        (NOON - HOUR, None, KeyState.REVOKED),
        (NOON - HOUR, NOON + HOUR, KeyState.REVOKED),
    ],
)
def test_a_key_works_until_its_end(
    revoked_at: datetime | None, expires_at: datetime | None, state: KeyState
) -> None:
    assert judge_key_state(revoked_at=revoked_at, expires_at=expires_at, now=NOON) is state
    assert state.works is (state in (KeyState.LIVE, KeyState.ENDING))
