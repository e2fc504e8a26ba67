"""What operators can do with people in the admin."""

import pytest
from django.test import Client

from accounts.models import Membership, Organization, RevokedToken, User
from accounts.rules import digest_of
from accounts.services import make_cli_key
from accounts.tokens import is_revoked, issue_core_token, read_core_token
from tests.support.personas import ADA, BOB, DORA, make_organization, make_user

pytestmark = pytest.mark.django_db

MEMBERSHIPS = {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}


@pytest.fixture
def operator(client: Client) -> Client:
    """A browser in which an operator is logged in."""
    client.force_login(make_user("operator@example.com", staff=True))
    return client


@pytest.mark.parametrize("page", ["user", "organization", "revokedtoken"])
def test_every_list_and_form_opens(operator: Client, page: str) -> None:
    make_organization(owner=make_user(DORA))
    assert operator.get(f"/admin/accounts/{page}/").status_code == 200
    assert operator.get(f"/admin/accounts/{page}/?q=dora").status_code == 200
    assert operator.get(f"/admin/accounts/{page}/add/").status_code == 200


def test_a_user_and_an_organization_open(operator: Client) -> None:
    dora = make_user(DORA)
    organization = make_organization(owner=dora)
    assert operator.get(f"/admin/accounts/user/{dora.pk}/change/").status_code == 200
    assert operator.get(f"/admin/accounts/organization/{organization.pk}/change/").status_code == 200


def test_a_user_is_created_by_address(operator: Client) -> None:
    form = {"email": "ADA@Example.com", "name": "Ada", "usable_password": "false", **MEMBERSHIPS}
    answer = operator.post("/admin/accounts/user/add/", form)
    assert answer.status_code == 302
    assert not User.objects.get(email=ADA).has_usable_password()


def test_a_second_user_of_an_address_is_refused_in_any_case(operator: Client) -> None:
    make_user(ADA)
    form = {"email": "ADA@Example.com", "usable_password": "false", **MEMBERSHIPS}
    answer = operator.post("/admin/accounts/user/add/", form)
    assert "already exists" in answer.content.decode()


def test_an_organization_gets_members(operator: Client) -> None:
    bob = make_user(BOB)
    form = {
        "name": "Example",
        "slug": "example",
        "memberships-TOTAL_FORMS": "1",
        "memberships-INITIAL_FORMS": "0",
        "memberships-0-user": str(bob.pk),
        "memberships-0-role": "admin",
    }
    assert operator.post("/admin/accounts/organization/add/", form).status_code == 302
    assert Membership.objects.get(user=bob).organization == Organization.objects.get(slug="example")


def test_a_pasted_token_is_revoked(operator: Client) -> None:
    token = issue_core_token(make_user(ADA))
    claims = read_core_token(token)
    assert operator.post("/admin/accounts/revokedtoken/add/", {"token": f" {token}\n"}).status_code == 302
    assert is_revoked(claims.token_id)
    assert RevokedToken.objects.get().expires_at == claims.expires_at


def test_a_pasted_text_that_is_no_token_is_explained(operator: Client) -> None:
    answer = operator.post("/admin/accounts/revokedtoken/add/", {"token": "a.b.c"})
    assert "it is refused already" in answer.content.decode()
    assert not RevokedToken.objects.exists()


def test_a_key_of_a_command_line_is_looked_at_and_revoked(operator: Client) -> None:
    key, token = make_cli_key(user=make_user(DORA), name="laptop")
    path = "/admin/accounts/clikey/"
    for page in (path, f"{path}?q=dora", f"{path}{key.pk}/change/"):
        text = operator.get(page).content.decode()
        assert "laptop" in text
        assert digest_of(token) not in text
    operator.post(path, {"action": "revoke", "_selected_action": str(key.pk)})
    key.refresh_from_db()
    assert key.revoked_at is not None
    assert operator.get(f"{path}add/").status_code == 403
