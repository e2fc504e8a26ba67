"""Making people and keeping their settings."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.audit import record
from accounts.errors import InvalidCoreToken
from accounts.models import User
from accounts.rules import (
    apply_user_settings,
    read_email,
    read_user_settings_changes,
    to_camel_case,
)
from accounts.selectors import find_user, has_departed
from accounts.services.cli_keys import revoke_cli_key
from accounts.signals import user_locked_out, user_settings_changed
from accounts.tokens import INVALID, CoreClaims, is_revoked


def get_or_create_user(*, email: str) -> User:
    """Return the user with this address, creating one who has no password; raise InvalidEmail."""
    address = read_email(email)
    existing = find_user(address)
    if existing is not None:
        return existing
    try:
        with transaction.atomic():
            return User.objects.create_user(address)
    except IntegrityError:
        return User.objects.get(email=address)


def admit_user(*, claims: CoreClaims) -> User:
    """Return the user a good token speaks for, creating them at their first visit; at most two queries then.

    Raises InvalidCoreToken when the token was revoked, the user logged out everywhere since, or was deactivated.
    """
    if is_revoked(claims.token_id):
        raise InvalidCoreToken(INVALID)
    user = find_user(claims.email)
    if user is None:
        if has_departed(read_email(claims.email), claims.issued_at):
            raise InvalidCoreToken(INVALID)
        user = get_or_create_user(email=claims.email)
    if not user.is_active or _is_from_before(claims, user.logged_out_at):
        raise InvalidCoreToken(INVALID)
    return user


@transaction.atomic
def log_out_everywhere(*, user: User) -> None:
    """Let nothing issued to `user` before now work any more: core and console tokens, log-ins, keys of command lines.

    A live session ends. New log-ins and tokens work at once.
    """
    user.logged_out_at = timezone.now().replace(microsecond=0) + timedelta(seconds=1)
    user.save(update_fields=["logged_out_at"])
    for key in user.cli_keys.filter(revoked_at=None):
        revoke_cli_key(key=key)
    record("user.logged_out", user)
    announce_lock_out(user=user)


def announce_lock_out(*, user: User) -> None:
    """Tell who listens that `user` was logged out everywhere or deactivated, once the transaction is committed."""
    transaction.on_commit(partial(user_locked_out.send_robust, sender=User, user=user))


def _is_from_before(claims: CoreClaims, moment: datetime | None) -> bool:
    return moment is not None and claims.issued_at < moment.timestamp()


@transaction.atomic
def make_operator(*, user: User) -> None:
    """Give `user` all rights in the admin."""
    user.is_staff = user.is_superuser = True
    user.save(update_fields=["is_staff", "is_superuser"])
    trust_address(user=user)
    record("user.made_operator", user)


def trust_address(*, user: User) -> None:
    """Take the address of `user` for verified: whoever runs this cloud vouches for it."""
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )


@transaction.atomic
def update_user_settings(*, user: User, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Merge `changes` (either spelling of names; None forgets one) into the stored settings.

    Returns what really changed under camelCase names, and announces it with `user_settings_changed`.
    Raises InvalidUserSettings.
    """
    asked = read_user_settings_changes(changes)
    stored = User.objects.select_for_update().values_list("settings", flat=True).get(pk=user.pk)
    user.settings = apply_user_settings(stored, asked)
    changed = {to_camel_case(key): value for key, value in asked.items() if stored.get(key) != value}
    if changed:
        user.save(update_fields=["settings"])
        announce = partial(user_settings_changed.send_robust, sender=User, user=user, changes=changed)
        transaction.on_commit(announce)
    return changed


def store_user_settings(user_pk: int, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Merge settings a phone reported, as `update_user_settings` does, for a user known by id."""
    return update_user_settings(user=User.objects.get(pk=user_pk), changes=changes)
