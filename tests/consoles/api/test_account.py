"""Who asks, told to themselves (rest §10)."""

import pytest

from accounts.console_tokens import issue_console_token
from accounts.models import Organization
from tests.consoles.api.conftest import Caller, Calling
from tests.support.personas import BOB, DORA, make_organization, make_user

pytestmark = pytest.mark.django_db


def test_an_account_has_its_organizations(calling: Calling) -> None:
    own = make_organization("Own")
    make_organization("Strange", owner=make_user(BOB))

    code, said = calling(DORA).get("/console/account")

    assert code == 200
    assert said["data"]["email"] == DORA
    assert said["data"]["defaultOrgId"] == str(own.pk)
    assert [org["name"] for org in said["data"]["orgs"]] == ["Own"]


def test_whoever_comes_first_is_given_an_organization() -> None:
    token = issue_console_token(make_user(BOB))
    said = Caller(token).get("/console/account")[1]

    assert said["data"]["defaultOrgId"] == str(Organization.objects.get().pk)


def test_a_key_of_a_command_line_has_no_account_page(command_line: Calling) -> None:
    assert command_line(DORA).get("/console/account")[0] == 401
