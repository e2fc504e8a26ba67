"""Who belongs to an organization and in which role."""

from django.db import transaction

from accounts.audit import record
from accounts.errors import MemberGone, NotAllowed
from accounts.models import Membership, Organization, User
from accounts.rules import Role, check_leaving, check_removal, check_role_change
from accounts.selectors import role_of


@transaction.atomic
def add_member(*, organization: Organization, user: User, role: Role) -> Membership:
    """Make `user` a member with `role`, or change the role of a member; for commands and accepted invitations."""
    membership, _ = Membership.objects.update_or_create(
        organization=organization, user=user, defaults={"role": role}
    )
    record("member.added", user, organization=organization, after={"role": role})
    return membership


@transaction.atomic
def change_role(*, by: User, membership: Membership, role: Role) -> Membership:
    """Give a member another role; raise NotAllowed, LastOwner or MemberGone."""
    owners = _lock(membership)
    current = Role(membership.role)
    check_role_change(role_of(by, membership.organization_id), current, role, owners)
    if role is not current:
        membership.role = role
        membership.save(update_fields=["role"])
        record(
            "member.role_changed",
            membership.user,
            organization=membership.organization,
            before={"role": current},
            after={"role": role},
        )
    return membership


@transaction.atomic
def remove_member(*, by: User, membership: Membership) -> None:
    """Take a member out of the organization; raise NotAllowed, LastOwner or MemberGone."""
    owners = _lock(membership)
    check_removal(role_of(by, membership.organization_id), Role(membership.role), owners)
    _end(membership, "removed")


@transaction.atomic
def leave_organization(*, user: User, organization: Organization) -> None:
    """Take `user` out of an organization of theirs; raise NotAllowed for another one, LastOwner."""
    membership = Membership.objects.filter(user=user, organization=organization).first()
    if membership is None:
        raise NotAllowed("You do not belong to this organization.")
    owners = _lock(membership)
    check_leaving(Role(membership.role), owners)
    _end(membership, "left")


def _lock(membership: Membership) -> int:
    """Hold the organization, so that two owners cannot go at once, and return how many owners it has.

    Raises MemberGone when somebody else was faster.
    """
    try:
        Organization.objects.select_for_update().get(pk=membership.organization_id)
        membership.refresh_from_db()
    except (Organization.DoesNotExist, Membership.DoesNotExist) as error:
        raise MemberGone("This member has left or was removed already.") from error
    owners = Membership.objects.filter(organization=membership.organization_id, role=Role.OWNER)
    return owners.count()


def _end(membership: Membership, deed: str) -> None:
    user, organization = membership.user, membership.organization
    membership.delete()
    User.objects.filter(pk=user.pk, default_organization=organization).update(default_organization=None)
    record(f"member.{deed}", user, organization=organization, before={"role": membership.role})
