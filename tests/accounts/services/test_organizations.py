"""Organizations: made, changed, deleted."""

import pytest

from accounts.acting import acting_as
from accounts.errors import InvalidOrganization, NotAllowed, OrganizationInUse
from accounts.models import AuditEntry, Membership, Organization, User
from accounts.rules import Role
from accounts.selectors import default_organization
from accounts.services import (
    add_member,
    choose_default_organization,
    create_organization,
    delete_organization,
    ensure_default_organization,
    update_organization,
)
from tests.support.personas import ADA, BOB, DORA, make_app, make_organization, make_user

pytestmark = pytest.mark.django_db


def test_the_founder_owns_an_organization_and_keeps_it_as_default() -> None:
    dora = make_user(DORA)
    first = create_organization(name=" Example Labs ", owner=dora)
    create_organization(name="Second", owner=dora)
    assert (first.name, first.slug) == ("Example Labs", "example-labs")
    assert Membership.objects.get(organization=first).role == Role.OWNER
    assert User.objects.get(email=DORA).default_organization == first


def test_organizations_of_one_name_get_different_slugs() -> None:
    slugs = [make_organization("Example").slug for _ in range(3)]
    assert slugs == ["example", "example-2", "example-3"]


@pytest.mark.parametrize(
    ("name", "slug"), [("日本", "organization"), (DORA, "dora-at-devexample"), ("x" * 150, "x" * 60)]
)
def test_any_name_makes_a_slug(name: str, slug: str) -> None:
    assert create_organization(name=name, owner=make_user(DORA)).slug == slug


def test_a_developer_without_organization_gets_a_personal_one_once() -> None:
    dora = make_user(DORA)
    organization = ensure_default_organization(user=dora)
    assert organization.name == DORA
    assert ensure_default_organization(user=dora) == organization
    assert Organization.objects.count() == 1


@pytest.mark.parametrize("name", ["   ", "two\nlines"])
def test_a_name_that_shows_nothing_gives_way_to_the_address(name: str) -> None:
    dora = make_user(DORA)
    dora.name = name
    assert ensure_default_organization(user=dora).name == DORA


def test_an_admin_changes_the_profile_and_the_log_says_what() -> None:
    organization, bob = make_organization("Example"), make_user(BOB)
    add_member(organization=organization, user=bob, role=Role.ADMIN)
    with acting_as(bob):
        update_organization(by=bob, organization=organization, name="Labs", slug="labs", website="")
    organization.refresh_from_db()
    assert (organization.name, organization.slug) == ("Labs", "labs")
    entry = AuditEntry.objects.get(action="organization.updated")
    assert (entry.actor, entry.before, entry.after) == (
        bob,
        {"name": "Example", "slug": "example"},
        {"name": "Labs", "slug": "labs"},
    )


def test_saving_what_is_there_already_is_no_deed() -> None:
    organization = make_organization("Example")
    update_organization(by=make_user(DORA), organization=organization, name="Example")
    assert not AuditEntry.objects.filter(action="organization.updated").exists()


@pytest.mark.parametrize("role", [Role.DEVELOPER, Role.VIEWER, None])
def test_others_do_not_change_it(role: Role | None) -> None:
    organization, bob = make_organization("Example"), make_user(BOB)
    if role is not None:
        add_member(organization=organization, user=bob, role=role)
    with pytest.raises(NotAllowed):
        update_organization(by=bob, organization=organization, name="Mine")
    organization.refresh_from_db()
    assert organization.name == "Example"


def test_a_taken_slug_is_refused_and_changes_nothing() -> None:
    make_organization("Taken")
    organization = make_organization("Example")
    with pytest.raises(InvalidOrganization, match="taken is taken") as refused:
        update_organization(by=make_user(DORA), organization=organization, name="New", slug="taken")
    assert refused.value.field == "slug"
    assert Organization.objects.get(pk=organization.pk).name == "Example"


def test_members_of_a_deleted_organization_fall_back_to_another() -> None:
    dora, bob = make_user(DORA), make_user(BOB)
    second, first = make_organization("Second"), make_organization("First", owner=bob)
    add_member(organization=second, user=bob, role=Role.VIEWER)
    choose_default_organization(user=bob, organization=second)
    delete_organization(by=dora, organization=second)
    assert default_organization(User.objects.get(email=BOB)) == first
    assert AuditEntry.objects.get(action="organization.deleted").target_label == "Second"


def test_an_organization_with_apps_is_not_deleted() -> None:
    app = make_app().app
    with pytest.raises(OrganizationInUse, match="still has apps"):
        delete_organization(by=make_user(DORA), organization=app.organization)
    assert Membership.objects.filter(organization=app.organization).exists()
    assert not AuditEntry.objects.filter(action="organization.deleted").exists()


def test_only_owners_delete() -> None:
    organization, bob = make_organization(), make_user(BOB)
    add_member(organization=organization, user=bob, role=Role.ADMIN)
    with pytest.raises(NotAllowed):
        delete_organization(by=bob, organization=organization)


def test_a_default_is_one_of_ones_own() -> None:
    with pytest.raises(NotAllowed):
        choose_default_organization(user=make_user(ADA), organization=make_organization())
