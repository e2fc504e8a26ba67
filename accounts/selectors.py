"""Reads about people. Writes nothing; knows nothing of apps or sessions."""

from typing import Any

from django.conf import settings
from django.db.models import Case, Prefetch, QuerySet, When
from django.utils import timezone

from accounts.errors import InvalidEmail
from accounts.models import (
    CliKey,
    DataExport,
    DeletionRequest,
    Departure,
    Invitation,
    Membership,
    Organization,
    User,
)
from accounts.rules import ROLES_WITH, Right, Role, digest_of, legacy_user_settings, read_email
from accounts.rules.own_data import address_digest, merge_privacy
from prepared_queries import PreparedRows, blank_of

_USER_BY_EMAIL = PreparedRows(lambda: User.objects.filter(email=blank_of(User, "email")))


def find_user(email: str) -> User | None:
    """Return the user with this address in any spelling of case; no text is too odd to ask for."""
    try:
        address = read_email(email)
    except InvalidEmail:
        return None
    return _USER_BY_EMAIL.first(email=address)


def default_organization(user: User) -> Organization | None:
    """Return where new apps of `user` go: the organization chosen while a member, else the oldest one."""
    chosen_first = Case(When(pk=user.default_organization_id, then=0), default=1)
    own = Organization.objects.filter(memberships__user=user)
    return own.order_by(chosen_first, "memberships__pk").first()


def is_member(user: User, organization_id: int) -> bool:
    """Say whether `user` belongs to the organization, in any role."""
    return Membership.objects.filter(user=user, organization_id=organization_id).exists()


def organizations_of(user: User, right: Right = Right.VIEW) -> QuerySet[Organization]:
    """Return the organizations in which the role of `user` gives them `right`."""
    own = Membership.objects.filter(user=user, role__in=ROLES_WITH[right])
    return Organization.objects.filter(pk__in=own.values("organization"))


def role_of(user: User, organization_id: int) -> Role | None:
    """Return the role of `user` in the organization, or None for a stranger."""
    row = Membership.objects.filter(user=user, organization_id=organization_id).first()
    return Role(row.role) if row else None


def members_of(organization: Organization) -> QuerySet[Membership]:
    """Return the members with their users, strongest role first; `created_at` is when they joined."""
    return _by_strength(Membership.objects.filter(organization=organization))


def pending_invitations(organization: Organization) -> QuerySet[Invitation]:
    """Return the invitations that were neither accepted nor rescinded, newest first; some may have expired."""
    return _waiting(Invitation.objects.filter(organization=organization))


def with_people(organizations: QuerySet[Organization]) -> QuerySet[Organization]:
    """Return `organizations` with their members and the invitations that wait, as above, in two queries more."""
    return organizations.prefetch_related(
        Prefetch("memberships", _by_strength(Membership.objects.all())),
        Prefetch("invitations", _waiting(Invitation.objects.all())),
    )


def find_invitation(token: str) -> Invitation | None:
    """Return the invitation with this token, in whatever state."""
    return (
        Invitation.objects.select_related("organization", "invited_by")
        .filter(digest=digest_of(token))
        .first()
    )


def is_invited(email: str) -> bool:
    """Say whether an invitation waits for this address."""
    waiting = Invitation.objects.filter(accepted_at=None, rescinded_at=None, expires_at__gt=timezone.now())
    return waiting.filter(email=email).exists()


def cli_keys_of(user: User) -> QuerySet[CliKey]:
    """Return the keys of `user` that were not revoked, newest first; some may have expired."""
    return CliKey.objects.filter(user=user, revoked_at=None).order_by("-pk")


def organizations_of_one(user: User) -> list[Organization]:
    """Return the organizations to which nobody but `user` belongs."""
    own = Organization.objects.filter(memberships__user=user)
    return list(own.exclude(memberships__in=Membership.objects.exclude(user=user)))


def list_organizations_left_alone(user: User) -> list[Organization]:
    """Return the organizations with other members whose last owner is `user`."""
    others = Membership.objects.exclude(user=user)
    owned = Organization.objects.filter(memberships__in=Membership.objects.filter(user=user, role=Role.OWNER))
    shared = owned.filter(pk__in=others.values("organization"))
    return list(shared.exclude(pk__in=others.filter(role=Role.OWNER).values("organization")))


def has_departed(email: str, issued_at: float) -> bool:
    """Say whether the account of this address was deleted after a token was issued (seconds of the epoch)."""
    digest = address_digest(email, settings.SECRET_KEY)
    at = Departure.objects.filter(digest=digest).values_list("at", flat=True).first()
    return at is not None and issued_at <= at.timestamp()


def list_leaving() -> list[int]:
    """Return the keys of people whose accounts are locked and not yet deleted."""
    return list(User.objects.filter(leaving_at__isnull=False).values_list("pk", flat=True))


def exports_of(user: User) -> QuerySet[DataExport]:
    """Return the copies of their data that `user` asked for and can still fetch, newest first."""
    return user.exports.filter(expires_at__gt=timezone.now()).defer("content")


def find_deletion_request(user: User) -> DeletionRequest | None:
    """Return the request of `user` to be deleted whose code still holds."""
    return DeletionRequest.objects.filter(user=user, expires_at__gt=timezone.now()).first()


def shares_usage_data(user: User) -> bool:
    """Say whether what `user` does may be counted: they allow it, and are not about to leave."""
    return user.leaving_at is None and merge_privacy(user.privacy, {})["shareUsageData"]


def roles_of(user: User) -> dict[int, Role]:
    """Return the role of `user` in each organization they belong to, by its id."""
    rows = Membership.objects.filter(user=user).values_list("organization_id", "role")
    return {organization_id: Role(role) for organization_id, role in rows}


def count_operators() -> int:
    """Return how many people may enter the operators' site."""
    return User.objects.filter(is_staff=True, is_active=True).count()


def merged_user_settings(user: User) -> dict[str, Any]:
    """Return the camelCase settings object of `settings_update` and `mentraosSettings`; no query."""
    return legacy_user_settings(user.settings)


def stored_user_settings(user_pk: int) -> dict[str, Any]:
    """Return the settings of a user as they are stored now, under snake_case names; empty when they are gone."""
    return User.objects.filter(pk=user_pk).values_list("settings", flat=True).first() or {}


def _by_strength(members: QuerySet[Membership]) -> QuerySet[Membership]:
    strength = Case(*(When(role=role, then=place) for place, role in enumerate(Role)))
    return members.select_related("user").order_by(strength, "created_at", "pk")


def _waiting(invitations: QuerySet[Invitation]) -> QuerySet[Invitation]:
    waiting = invitations.filter(accepted_at=None, rescinded_at=None)
    return waiting.select_related("invited_by").order_by("-pk")
