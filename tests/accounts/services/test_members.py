"""Members: their roles change, they are removed, they leave; an owner always stays."""

import pytest

from accounts.acting import acting_as
from accounts.errors import LastOwner, MemberGone, NotAllowed
from accounts.models import AuditEntry, Membership, Organization, User
from accounts.rules import Role
from accounts.selectors import members_of, role_of
from accounts.services import (
    add_member,
    change_role,
    choose_default_organization,
    leave_organization,
    remove_member,
)
from tests.support.personas import ADA, BOB, DORA, make_organization, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def organization() -> Organization:
    """Dora's; Bob develops, Ada looks on."""
    made = make_organization()
    add_member(organization=made, user=make_user(ADA), role=Role.VIEWER)
    add_member(organization=made, user=make_user(BOB), role=Role.DEVELOPER)
    return made


def of(email: str) -> Membership:
    return Membership.objects.get(user__email=email)


def test_adding_a_member_again_changes_the_role() -> None:
    organization, bob = make_organization(), make_user(BOB)
    add_member(organization=organization, user=bob, role=Role.VIEWER)
    add_member(organization=organization, user=bob, role=Role.ADMIN)
    assert of(BOB).role == Role.ADMIN


def test_members_are_listed_by_strength(organization: Organization) -> None:
    assert [row.user.email for row in members_of(organization)] == [DORA, BOB, ADA]


def test_a_changed_role_holds_and_is_logged(organization: Organization) -> None:
    dora = make_user(DORA)
    with acting_as(dora):
        change_role(by=dora, membership=of(BOB), role=Role.ADMIN)
    assert role_of(make_user(BOB), organization.pk) is Role.ADMIN
    entry = AuditEntry.objects.get(action="member.role_changed")
    assert (entry.actor, entry.target_label, entry.before, entry.after) == (
        dora,
        BOB,
        {"role": "developer"},
        {"role": "admin"},
    )


def test_an_admin_makes_no_owner_and_unmakes_none(organization: Organization) -> None:
    bob = make_user(BOB)
    change_role(by=make_user(DORA), membership=of(BOB), role=Role.ADMIN)
    for refused in (
        lambda: change_role(by=bob, membership=of(BOB), role=Role.OWNER),
        lambda: change_role(by=bob, membership=of(DORA), role=Role.VIEWER),
        lambda: remove_member(by=bob, membership=of(DORA)),
    ):
        with pytest.raises(NotAllowed):
            refused()
    assert (of(DORA).role, of(BOB).role) == (Role.OWNER, Role.ADMIN)


def test_the_last_owner_stays_owner(organization: Organization) -> None:
    dora = make_user(DORA)
    for refused in (
        lambda: change_role(by=dora, membership=of(DORA), role=Role.ADMIN),
        lambda: remove_member(by=dora, membership=of(DORA)),
        lambda: leave_organization(user=dora, organization=organization),
    ):
        with pytest.raises(LastOwner):
            refused()
    change_role(by=dora, membership=of(BOB), role=Role.OWNER)
    leave_organization(user=dora, organization=organization)
    assert role_of(dora, organization.pk) is None


def test_what_a_stale_page_says_about_the_role_does_not_count(organization: Organization) -> None:
    stale = of(DORA)
    stale.role = Role.VIEWER
    with pytest.raises(LastOwner):
        remove_member(by=make_user(DORA), membership=stale)


def test_whoever_is_faster_removes_a_member(organization: Organization) -> None:
    dora, stale = make_user(DORA), of(BOB)
    remove_member(by=dora, membership=of(BOB))
    for late in (
        lambda: remove_member(by=dora, membership=stale),
        lambda: change_role(by=dora, membership=stale, role=Role.ADMIN),
    ):
        with pytest.raises(MemberGone):
            late()


def test_a_removed_member_falls_back_to_another_default(organization: Organization) -> None:
    bob = make_user(BOB)
    choose_default_organization(user=bob, organization=organization)
    remove_member(by=make_user(DORA), membership=of(BOB))
    assert User.objects.get(email=BOB).default_organization is None
    assert AuditEntry.objects.get(action="member.removed").target_label == BOB


def test_who_leaves_is_gone_and_only_members_leave(organization: Organization) -> None:
    bob = make_user(BOB)
    leave_organization(user=bob, organization=organization)
    with pytest.raises(NotAllowed):
        leave_organization(user=bob, organization=organization)
    assert AuditEntry.objects.filter(action="member.left").count() == 1
