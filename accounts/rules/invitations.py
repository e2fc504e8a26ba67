"""Invitations: how long they hold, how often they may be mailed, who may accept them. Times are aware datetimes."""

import secrets
from datetime import datetime, timedelta

from accounts.errors import (
    InvitationExpired,
    InvitationForSomebodyElse,
    InvitationRescinded,
    InvitationUsed,
    TooManyInvitations,
)

INVITATION_LIFE = timedelta(days=7)
BETWEEN_MAILS = timedelta(minutes=1)
MOST_MAILS_OF_ONE = 10
INVITATION_WINDOW = timedelta(hours=1)
MOST_IN_WINDOW = 20


def new_invitation_token() -> str:
    """Return a token nobody can guess; it stands in the mail only."""
    return secrets.token_urlsafe(32)


def check_acceptance(
    *,
    invited: str,
    email: str,
    now: datetime,
    expires_at: datetime,
    accepted_at: datetime | None,
    rescinded_at: datetime | None,
) -> None:
    """Raise the InvitationError that tells why whoever is known by `email` cannot accept, if so."""
    if email != invited:
        raise InvitationForSomebodyElse(f"This invitation is for {invited}. You are logged in as {email}.")
    if accepted_at is not None:
        raise InvitationUsed("This invitation was accepted already.")
    if rescinded_at is not None:
        raise InvitationRescinded("This invitation was taken back. Ask for a new one.")
    if expires_at <= now:
        raise InvitationExpired("This invitation has expired. Ask for a new one.")


def check_another_mail(*, now: datetime, last_email_at: datetime | None, emails_sent: int) -> None:
    """Raise TooManyInvitations when the same invitation was mailed a moment ago or often enough."""
    if last_email_at is not None and now - last_email_at < BETWEEN_MAILS:
        raise TooManyInvitations("This invitation was mailed a moment ago. Wait a minute.")
    if emails_sent >= MOST_MAILS_OF_ONE:
        raise TooManyInvitations("This invitation was mailed often enough. Rescind it and invite anew.")


def check_window(mailed: int) -> None:
    """Raise TooManyInvitations when as many as `mailed` within INVITATION_WINDOW leave no room for one more."""
    if mailed >= MOST_IN_WINDOW:
        raise TooManyInvitations(
            f"At most {MOST_IN_WINDOW} invitations are mailed in an hour. Try again later."
        )
