"""Organizations in the console: one's own in a list, a page for each."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Membership, Organization, User
from accounts.rules import Role
from accounts.selectors import default_organization
from accounts.services import add_member
from tests.consoles.conftest import Browsing, Member
from tests.support.personas import BOB, DORA, make_app, make_organization, make_user

pytestmark = pytest.mark.django_db

LIST = "/console/organizations/"
PROFILE = {
    "name": "Labs",
    "slug": "labs",
    "website": "https://labs.example",
    "logo_url": "https://labs.example/logo.png",
    "contact_email": "",
    "description": "Us",
}


def told(browser: Client, path: str, **form: str) -> str:
    """Send a form and return the page one ends on."""
    return browser.post(path, form, follow=True).content.decode()


def test_the_list_holds_ones_own_organizations_and_where_new_apps_go(browsing: Browsing) -> None:
    first, second = make_organization("First"), make_organization("Second")
    make_organization("Of a stranger", owner=make_user(BOB))
    dora = browsing(DORA)
    text = dora.get(LIST).content.decode()
    assert "First" in text
    assert "Of a stranger" not in text
    assert f"{LIST}{second.pk}/default/" in text
    assert f"{LIST}{first.pk}/default/" not in text
    dora.post(f"{LIST}{second.pk}/default/")
    assert default_organization(User.objects.get(email=DORA)) == second


def test_who_belongs_nowhere_is_told_what_to_do(browsing: Browsing) -> None:
    bob = browsing(BOB)
    Membership.objects.all().delete()
    assert "You belong to no organization" in bob.get(LIST).content.decode()


def test_a_new_organization_is_ones_own(browsing: Browsing) -> None:
    text = told(browsing(DORA), LIST, name="Example Labs")
    made = Organization.objects.get(name="Example Labs")
    assert Membership.objects.get(organization=made).role == Role.OWNER
    assert "Danger zone" in text


def test_a_bad_name_is_explained_beside_the_field(browsing: Browsing) -> None:
    assert "Keep this within 150 characters" in told(browsing(DORA), LIST, name="x" * 151)
    assert not Organization.objects.filter(name__startswith="x").exists()


def test_the_profile_is_saved_and_a_bad_value_is_explained(browsing: Browsing) -> None:
    organization = make_organization("Example")
    dora, page = browsing(DORA), f"{LIST}{organization.pk}/"
    assert "The profile was saved" in told(dora, page, **PROFILE)
    organization.refresh_from_db()
    assert (organization.name, organization.slug, organization.description) == ("Labs", "labs", "Us")
    text = told(dora, page, **{**PROFILE, "website": "labs.example"})
    assert "Give a full http:// or https:// address." in text
    assert 'value="labs.example"' in text


def test_leaving_is_asked_and_done(member: Member) -> None:
    organization = make_organization("Example")
    viewer, page = member(organization, Role.VIEWER), f"{LIST}{organization.pk}/leave/"
    assert "Leave Example?" in viewer.get(page).content.decode()
    assert "You left Example" in told(viewer, page)
    assert not Membership.objects.filter(organization=organization, role=Role.VIEWER).exists()


def test_the_last_owner_finds_no_way_out(browsing: Browsing) -> None:
    organization = make_organization("Example")
    dora = browsing(DORA)
    assert "/leave/" not in dora.get(f"{LIST}{organization.pk}/").content.decode()
    assert "needs an owner" in told(dora, f"{LIST}{organization.pk}/leave/")


def test_an_organization_is_deleted_once_it_has_no_apps(browsing: Browsing) -> None:
    app = make_app().app
    page = f"{LIST}{app.organization.pk}/"
    dora = browsing(DORA)
    assert f"{page}delete/" not in dora.get(page).content.decode()
    assert "still has apps" in told(dora, f"{page}delete/")
    app.delete()
    assert "cannot be undone" in dora.get(f"{page}delete/").content.decode()
    assert "was deleted" in told(dora, f"{page}delete/")
    assert not Organization.objects.exists()


def test_pages_cost_the_same_however_much_they_hold(
    browsing: Browsing, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    organization, dora = make_organization(), browsing(DORA)
    for number in range(12):
        make_organization(f"Organization {number}")
        add_member(organization=organization, user=make_user(f"p{number}@example.com"), role=Role.VIEWER)
    with django_assert_max_num_queries(6):
        dora.get(LIST)
    with django_assert_max_num_queries(8):
        dora.get(f"{LIST}{organization.pk}/")
