"""Reads about people. Writes nothing; knows nothing of apps or sessions."""

from typing import Any

from django.db.models import Case, QuerySet, When

from accounts.errors import InvalidEmail
from accounts.models import Membership, Organization, User
from accounts.rules import ROLES_WITH, Right, Role, legacy_user_settings, read_email
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


def roles_of(user: User) -> dict[int, Role]:
    """Return the role of `user` in each organization they belong to, by its id."""
    rows = Membership.objects.filter(user=user).values_list("organization_id", "role")
    return {organization_id: Role(role) for organization_id, role in rows}


def merged_user_settings(user: User) -> dict[str, Any]:
    """Return the camelCase settings object of `settings_update` and `mentraosSettings`; no query."""
    return legacy_user_settings(user.settings)
