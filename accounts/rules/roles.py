"""Roles in an organization: what each may do, who may give and take them, how programs name them."""

from collections.abc import Mapping
from enum import StrEnum

from accounts.errors import InvalidRole, LastOwner, NotAllowed


class Role(StrEnum):
    """What a member may do in an organization, strongest first."""

    OWNER = "owner"
    ADMIN = "admin"
    DEVELOPER = "developer"
    VIEWER = "viewer"


class Right(StrEnum):
    """What somebody may do with an organization and what it owns."""

    VIEW = "view"
    DEVELOP = "develop"
    MANAGE = "manage"
    MANAGE_MEMBERS = "manage_members"
    OWN = "own"


ROLES_WITH: Mapping[Right, tuple[Role, ...]] = {
    Right.VIEW: tuple(Role),
    Right.DEVELOP: (Role.OWNER, Role.ADMIN, Role.DEVELOPER),
    Right.MANAGE: (Role.OWNER, Role.ADMIN),
    Right.MANAGE_MEMBERS: (Role.OWNER, Role.ADMIN),
    Right.OWN: (Role.OWNER,),
}

# Rest §10 knows two roles.
WIRE_ADMIN, WIRE_MEMBER = "admin", "member"


def has_right(role: Role | None, right: Right) -> bool:
    """Say whether `role` gives `right`; who has no role has no rights."""
    return role in ROLES_WITH[right]


def demand(role: Role | None, right: Right) -> None:
    """Raise NotAllowed when `role` does not give `right`."""
    if not has_right(role, right):
        needed = " or ".join(ROLES_WITH[right])
        raise NotAllowed(f"This takes the role {needed} in the organization.")


def read_role(value: object) -> Role:
    """Return the role called `value`; raise InvalidRole."""
    try:
        return Role(value)  # type: ignore[arg-type]
    except ValueError as error:
        raise InvalidRole(f"There is no role {str(value)[:40]!r}. Roles are {', '.join(Role)}.") from error


def roles_given_by(actor: Role | None) -> tuple[Role, ...]:
    """Return the roles that a member with the role `actor` may give to others and take from them."""
    if not has_right(actor, Right.MANAGE_MEMBERS):
        return ()
    return tuple(role for role in Role if role is not Role.OWNER or has_right(actor, Right.OWN))


def check_role_change(actor: Role | None, current: Role, wanted: Role, owners: int) -> None:
    """Raise NotAllowed or LastOwner unless `actor` may turn a member's `current` role into `wanted`.

    `owners` is how many owners the organization has now.
    """
    demand(actor, Right.MANAGE_MEMBERS)
    if not {current, wanted} <= set(roles_given_by(actor)):
        raise NotAllowed("Only owners make and unmake owners.")
    if wanted is not Role.OWNER:
        _keep_an_owner(current, owners)


def check_removal(actor: Role | None, current: Role, owners: int) -> None:
    """Raise NotAllowed or LastOwner unless `actor` may remove a member whose role is `current`."""
    demand(actor, Right.MANAGE_MEMBERS)
    if current not in roles_given_by(actor):
        raise NotAllowed("Only owners remove owners.")
    _keep_an_owner(current, owners)


def check_leaving(current: Role, owners: int) -> None:
    """Raise LastOwner for a member who must stay."""
    _keep_an_owner(current, owners)


def to_wire_role(role: Role) -> str:
    """Return what programs call `role` (rest §10)."""
    return WIRE_ADMIN if has_right(role, Right.MANAGE_MEMBERS) else WIRE_MEMBER


def from_wire_role(value: object, current: Role | None = None) -> Role:
    """Return the role programs mean by `value` (rest §10); raise InvalidRole.

    A member whose `current` role already goes by that name keeps it: two names stand for four roles.
    """
    if value not in (WIRE_ADMIN, WIRE_MEMBER):
        raise InvalidRole(f"There is no role {str(value)[:40]!r}. Use {WIRE_ADMIN} or {WIRE_MEMBER}.")
    if current is not None and to_wire_role(current) == value:
        return current
    return Role.ADMIN if value == WIRE_ADMIN else Role.DEVELOPER


def _keep_an_owner(current: Role, owners: int) -> None:
    if current is Role.OWNER and owners <= 1:
        raise LastOwner("An organization needs an owner. Make somebody else an owner first.")
