"""Writes about people: users, organizations, settings, revoked tokens. Knows nothing of apps or sessions."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify

from accounts.errors import InvalidCoreToken
from accounts.models import MAX_NAME_CHARACTERS, Membership, Organization, RevokedToken, User
from accounts.rules import (
    Role,
    apply_user_settings,
    normalize_email,
    read_email,
    read_user_settings_changes,
    to_camel_case,
)
from accounts.selectors import default_organization, find_user
from accounts.signals import user_settings_changed
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

    Raises InvalidCoreToken when the token was revoked or the user was deactivated.
    """
    if is_revoked(claims.token_id):
        raise InvalidCoreToken(INVALID)
    user = get_or_create_user(email=claims.email)
    if not user.is_active:
        raise InvalidCoreToken(INVALID)
    return user


@transaction.atomic
def make_operator(*, user: User) -> None:
    """Give `user` all rights in the admin."""
    user.is_staff = user.is_superuser = True
    user.save(update_fields=["is_staff", "is_superuser"])
    trust_address(user=user)


def trust_address(*, user: User) -> None:
    """Take the address of `user` for verified: whoever runs this cloud vouches for it."""
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )


@transaction.atomic
def create_organization(*, name: str, owner: User) -> Organization:
    """Create an organization owned by `owner`; it becomes the owner's default if they have none."""
    organization = Organization.objects.create(name=name.strip()[:MAX_NAME_CHARACTERS], slug=_free_slug(name))
    add_member(organization=organization, user=owner, role=Role.OWNER)
    if owner.default_organization_id is None:
        owner.default_organization = organization
        owner.save(update_fields=["default_organization"])
    return organization


def ensure_default_organization(*, user: User) -> Organization:
    """Return where new apps of `user` go, creating a personal organization when they belong to none."""
    return default_organization(user) or create_organization(name=user.name or user.email, owner=user)


def add_member(*, organization: Organization, user: User, role: Role) -> Membership:
    """Make `user` a member with `role`, or change the role of a member."""
    membership, _ = Membership.objects.update_or_create(
        organization=organization, user=user, defaults={"role": role}
    )
    return membership


def revoke_token(*, token_id: str, expires_at: datetime | None) -> RevokedToken:
    """Refuse the token with this id from now on; harmless when it is revoked already."""
    row, _ = RevokedToken.objects.get_or_create(jti=token_id, defaults={"expires_at": expires_at})
    return row


def forget_expired_tokens() -> int:
    """Delete revocations of tokens that expired by themselves; return how many."""
    deleted, _ = RevokedToken.objects.filter(expires_at__lt=timezone.now()).delete()
    return deleted


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


def _free_slug(name: str) -> str:
    base = slugify(normalize_email(name).replace("@", "-at-"))[:60].strip("-_") or "organization"
    taken = set(Organization.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    candidates = (base if number == 1 else f"{base}-{number}" for number in range(1, len(taken) + 2))
    return next(slug for slug in candidates if slug not in taken)
