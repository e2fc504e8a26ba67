"""The link of an invitation, as strangers, acquaintances and the wrong people open it."""

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.models import Invitation, Organization, User
from accounts.rules import Role
from accounts.selectors import role_of
from accounts.services import add_member, invite, rescind_invitation, trust_address
from tests.consoles.conftest import Browsing
from tests.support.personas import ADA, BOB, DORA, make_organization, make_user

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery staple"


@pytest.fixture(autouse=True)
def no_one_tried_before() -> None:
    cache.clear()


@pytest.fixture
def organization() -> Organization:
    return make_organization("Example Labs")


@pytest.fixture
def link(organization: Organization) -> str:
    """Return what Ada finds in her mail."""
    invite(by=make_user(DORA), organization=organization, email=ADA, role=Role.DEVELOPER)
    found = re.search(r"http://127\.0\.0\.1:8000(/console/invitations/\S+/)", str(mail.outbox[0].body))
    assert found
    return found[1]


def sign_up(browser: Client, link: str, email: str = ADA) -> str:
    """Sign up as the page behind the link asks; return where one ends."""
    form = {"email": email, "password1": PASSWORD, "password2": PASSWORD, "next": link}
    answer = browser.post("/accounts/signup/", form, follow=True)
    return answer.content.decode()


def test_a_stranger_signs_up_and_joins_with_one_button(
    client: Client, link: str, organization: Organization
) -> None:
    came = client.get(link, follow=True)
    assert came.redirect_chain[-1][0].startswith("/accounts/signup/?next=%2Fconsole%2Finvitations%2F")
    assert f'value="{ADA}"' in came.content.decode()
    assert "Join Example Labs as developer" in sign_up(client, link)
    assert len(mail.outbox) == 1, "the invitation has proven the address already"
    assert "Welcome to Example Labs" in client.post(link, follow=True).content.decode()
    assert role_of(User.objects.get(email=ADA), organization.pk) is Role.DEVELOPER


def test_invited_people_sign_up_where_others_may_not(client: Client, link: str, settings: Settings) -> None:
    settings.SIGNUP_IS_OPEN = False
    client.get(link)
    assert "Join Example Labs" in sign_up(client, link)
    stranger = Client()
    sign_up(stranger, link, BOB)
    assert not User.objects.filter(email=BOB).exists()


def test_the_way_in_is_for_the_invited_address_only(client: Client, link: str) -> None:
    client.get(link)
    assert f"Your invitation is for {ADA}" in sign_up(client, link, BOB)
    assert not User.objects.filter(email=BOB).exists()


def test_a_closed_door_stays_closed_once_the_invitation_is_taken_back(
    client: Client, link: str, settings: Settings
) -> None:
    settings.SIGNUP_IS_OPEN = False
    client.get(link)
    rescind_invitation(by=make_user(DORA), invitation=Invitation.objects.get())
    sign_up(client, link)
    assert not User.objects.filter(email=ADA).exists()


def test_who_is_known_logs_in_and_comes_back(client: Client, link: str) -> None:
    ada = make_user(ADA)
    ada.set_password(PASSWORD)
    ada.save()
    trust_address(user=ada)
    came = client.get(link, follow=True)
    assert came.redirect_chain[-1][0].startswith("/accounts/login/?next=")
    form = {"login": ADA, "password": PASSWORD, "next": link}
    assert "Join Example Labs" in client.post("/accounts/login/", form, follow=True).content.decode()


def test_looking_joins_nobody_and_is_not_kept(
    browsing: Browsing, link: str, organization: Organization
) -> None:
    answer = browsing(ADA).get(link)
    assert "Join Example Labs as developer" in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    assert role_of(make_user(ADA), organization.pk) is None


def test_somebody_else_is_told_whose_it_is(browsing: Browsing, link: str, organization: Organization) -> None:
    bob = browsing(BOB)
    for answer in (bob.get(link), bob.post(link)):
        text = answer.content.decode()
        assert f"This invitation is for {ADA}" in text
        assert "Log out" in text
    assert role_of(make_user(BOB), organization.pk) is None


def test_dead_links_say_why(
    client: Client, browsing: Browsing, link: str, organization: Organization
) -> None:
    assert client.get("/console/invitations/nonsense/").status_code == 404
    add_member(organization=organization, user=make_user(ADA), role=Role.VIEWER)
    assert "already" in browsing(ADA).post(link).content.decode()
    rescind_invitation(by=make_user(DORA), invitation=Invitation.objects.get())
    for browser in (client, browsing(ADA)):
        assert "was taken back" in browser.get(link).content.decode()
