"""Invitations: who may accept, how often they are mailed."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.errors import (
    InvitationError,
    InvitationExpired,
    InvitationForSomebodyElse,
    InvitationRescinded,
    InvitationUsed,
    TooManyInvitations,
)
from accounts.rules import check_acceptance, check_another_mail, check_window, digest_of, new_invitation_token
from tests.support.personas import ADA, BOB

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LATER, BEFORE = NOW + timedelta(seconds=1), NOW - timedelta(seconds=1)


@pytest.mark.parametrize(
    ("email", "expires_at", "accepted_at", "rescinded_at", "refusal"),
    [
        (ADA, LATER, None, None, None),
        (ADA, NOW, None, None, InvitationExpired),
        (ADA, LATER, BEFORE, None, InvitationUsed),
        (ADA, LATER, None, BEFORE, InvitationRescinded),
        # A stranger who found the link learns nothing else.
        (BOB, BEFORE, BEFORE, BEFORE, InvitationForSomebodyElse),
    ],
)
def test_who_may_accept(
    email: str,
    expires_at: datetime,
    accepted_at: datetime | None,
    rescinded_at: datetime | None,
    refusal: type[InvitationError] | None,
) -> None:
    caught: type[InvitationError] | None = None
    try:
        check_acceptance(
            invited=ADA,
            email=email,
            now=NOW,
            expires_at=expires_at,
            accepted_at=accepted_at,
            rescinded_at=rescinded_at,
        )
    except InvitationError as error:
        caught = type(error)
    assert caught is refusal


def test_one_invitation_is_mailed_at_intervals_and_not_for_ever() -> None:
    check_another_mail(now=NOW, last_email_at=None, emails_sent=0)
    check_another_mail(now=NOW, last_email_at=NOW - timedelta(minutes=1), emails_sent=9)
    with pytest.raises(TooManyInvitations, match="a moment ago"):
        check_another_mail(now=NOW, last_email_at=NOW - timedelta(seconds=59), emails_sent=1)
    with pytest.raises(TooManyInvitations, match="often enough"):
        check_another_mail(now=NOW, last_email_at=NOW - timedelta(days=1), emails_sent=10)


def test_an_hour_has_room_for_so_many() -> None:
    check_window(19)
    with pytest.raises(TooManyInvitations, match="20"):
        check_window(20)


def test_no_two_tokens_are_alike_and_any_text_has_a_digest() -> None:
    assert new_invitation_token() != new_invitation_token()
    assert len(new_invitation_token()) >= 43
    assert len({digest_of(text) for text in ("", "a", "\ud800", "日本")}) == 4
