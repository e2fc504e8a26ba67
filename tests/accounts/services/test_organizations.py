"""Organizations: made, changed, deleted."""

import pytest

from accounts.models import Membership, Organization, User
from accounts.rules import Role
from accounts.services import add_member, create_organization, ensure_default_organization
from tests.support.personas import BOB, DORA, make_organization, make_user

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
    ("name", "slug"), [("日本", "organization"), (DORA, "dora-at-devexample"), ("x" * 300, "x" * 60)]
)
def test_any_name_makes_a_slug(name: str, slug: str) -> None:
    assert create_organization(name=name, owner=make_user(DORA)).slug == slug


def test_a_developer_without_organization_gets_a_personal_one_once() -> None:
    dora = make_user(DORA)
    organization = ensure_default_organization(user=dora)
    assert organization.name == DORA
    assert ensure_default_organization(user=dora) == organization
    assert Organization.objects.count() == 1


def test_adding_a_member_again_changes_the_role() -> None:
    organization, bob = make_organization(), make_user(BOB)
    add_member(organization=organization, user=bob, role=Role.VIEWER)
    add_member(organization=organization, user=bob, role=Role.ADMIN)
    assert Membership.objects.get(user=bob).role == Role.ADMIN
