"""Organizations by REST: members, roles and invitations, each as far as one's role reaches (rest §10)."""

import re
from typing import Any

import pytest
from django.core import mail
from pytest_django import DjangoAssertNumQueries

from accounts.models import Invitation, Organization, User
from accounts.rules import Role
from accounts.selectors import role_of
from accounts.services import add_member
from tests.consoles.api.conftest import Calling, CallingMember
from tests.support.personas import ADA, BOB, DORA, make_app, make_organization, make_user

LOGO = "https://labs.example/logo.png"
pytestmark = pytest.mark.django_db

ENDPOINTS = [
    ("GET", "", None),
    ("PUT", "", {"name": "Mine"}),
    ("DELETE", "", None),
    ("POST", "/members", {"email": "eve@example.com"}),
    ("PATCH", "/members/{member}", {"role": "admin"}),
    ("DELETE", "/members/{member}", None),
    ("POST", "/invites/resend", {"email": "eve@example.com"}),
    ("POST", "/invites/rescind", {"email": "eve@example.com"}),
]


@pytest.fixture
def organization(db: None) -> Organization:
    made = make_organization("Example")
    add_member(organization=made, user=make_user(ADA), role=Role.DEVELOPER)
    return made


@pytest.fixture
def path(organization: Organization) -> str:
    return f"/console/orgs/{organization.pk}"


def token_of_the_mail() -> str:
    found = re.search(r"https?://\S+/([\w-]{20,})/?\s", str(mail.outbox[-1].body) + "\n")
    assert found is not None
    return found[1]


def test_an_organization_is_told_with_its_members(calling: Calling, path: str) -> None:
    dora, ada = User.objects.get(email=DORA), User.objects.get(email=ADA)
    calling(DORA).post(f"{path}/members", {"email": BOB, "role": "admin"})

    code, said = calling(DORA).get(path)

    data = said["data"]
    assert code == 200
    assert sorted(data) == ["createdAt", "id", "members", "name", "pendingInvites", "profile", "slug"]
    assert data["profile"] == {"website": "", "contactEmail": "", "description": "", "logo": ""}
    told = [(one["id"], one["user"]["email"], one["role"], one["exactRole"]) for one in data["members"]]
    assert told == [
        (str(dora.pk), DORA, "admin", "owner"),
        (str(ada.pk), ADA, "member", "developer"),
    ]
    (invite,) = data["pendingInvites"]
    assert (invite["email"], invite["role"], invite["emailSentCount"]) == (BOB, "admin", 1)
    assert invite["invitedBy"]["email"] == DORA
    assert token_of_the_mail() not in str(said)


def test_the_list_holds_ones_own(calling: Calling, organization: Organization) -> None:
    make_organization("Strange", owner=make_user(BOB))
    assert [org["name"] for org in calling(DORA).get("/console/orgs")[1]["data"]] == ["Example"]


def test_the_list_costs_the_same_however_many_there_are(
    calling: Calling, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    caller = calling(DORA)
    for number in range(3):
        path = f"/console/orgs/{make_organization(f'Labs {number}').pk}"
        caller.post(f"{path}/members", {"email": BOB})
    # Token, user, organizations, members with users, invitations.
    with django_assert_num_queries(5):
        assert len(caller.get("/console/orgs")[1]["data"]) == 3


def test_one_is_made(calling: Calling) -> None:
    code, said = calling(BOB).post("/console/orgs", {"name": "Bob's"})

    assert code == 201
    assert (said["data"]["name"], said["data"]["slug"]) == ("Bob's", "bobs")
    assert said["data"]["members"][0]["user"]["email"] == BOB


@pytest.mark.parametrize("body", [{}, {"name": ""}, {"name": "x" * 200}, {"name": "a\0b"}])
def test_one_without_a_good_name_is_not_made(calling: Calling, body: Any) -> None:
    assert calling(BOB).post("/console/orgs", body)[0] == 400


def test_it_says_something_else_of_itself(calling: Calling, path: str) -> None:
    change = {
        "name": "Labs",
        "profile": {"website": "https://labs.example", "contactEmail": "Hi@Labs.Example", "logo": LOGO},
    }
    code, said = calling(DORA).put(path, change)

    assert code == 200
    assert said["data"]["name"] == "Labs"
    assert said["data"]["profile"] == {
        "website": "https://labs.example",
        "contactEmail": "hi@labs.example",
        "description": "",
        "logo": LOGO,
    }
    assert calling(DORA).put(path, {"profile": {"website": "nonsense"}})[0] == 400


def test_it_goes_once_it_has_no_apps(calling: Calling, path: str) -> None:
    app = make_app().app
    code, said = calling(DORA).delete(path)
    assert (code, list(said)) == (400, ["error"])

    app.delete()
    assert calling(DORA).delete(path) == (200, {"success": True})
    assert calling(DORA).get(path)[0] == 404


def test_an_invitation_is_mailed_and_accepted(
    calling: Calling, organization: Organization, path: str
) -> None:
    code, said = calling(DORA).post(f"{path}/members", {"email": BOB, "role": "member"})
    assert code == 201
    assert (said["data"]["email"], said["data"]["exactRole"]) == (BOB, "developer")

    token = token_of_the_mail()
    assert calling(ADA).post(f"/console/orgs/accept/{token}")[0] == 403
    code, said = calling(BOB).post(f"/console/orgs/accept/{token}")
    assert (code, said["data"]["name"]) == (200, "Example")
    assert role_of(make_user(BOB), organization.pk) is Role.DEVELOPER
    assert calling(BOB).post(f"/console/orgs/accept/{token}")[0] == 400


def test_an_invitation_nobody_made_is_not_accepted(calling: Calling) -> None:
    assert calling(BOB).post("/console/orgs/accept/nonsense")[0] == 404


def test_who_belongs_already_is_not_invited(calling: Calling, path: str) -> None:
    assert calling(DORA).post(f"{path}/members", {"email": ADA})[0] == 409
    calling(DORA).post(f"{path}/members", {"email": BOB})
    assert calling(DORA).post(f"{path}/members", {"email": BOB})[0] == 409


@pytest.mark.parametrize("body", [{}, {"email": "nonsense"}, {"email": BOB, "role": "king"}])
def test_an_invitation_must_make_sense(calling: Calling, path: str, body: Any) -> None:
    assert calling(DORA).post(f"{path}/members", body)[0] == 400


def test_an_invitation_is_sent_again_and_taken_back(calling: Calling, path: str) -> None:
    calling(DORA).post(f"{path}/members", {"email": BOB})
    assert calling(DORA).post(f"{path}/invites/resend", {"email": BOB})[0] == 429
    Invitation.objects.update(last_email_at=None)
    assert calling(DORA).post(f"{path}/invites/resend", {"email": " Bob@Example.com"}) == (
        200,
        {"success": True},
    )
    assert len(mail.outbox) == 2

    assert calling(DORA).post(f"{path}/invites/rescind", {"email": BOB}) == (200, {"success": True})
    assert calling(DORA).post(f"{path}/invites/rescind", {"email": BOB})[0] == 404
    assert calling(BOB).post(f"/console/orgs/accept/{token_of_the_mail()}")[0] == 400


def test_a_member_gets_another_role(calling: Calling, organization: Organization, path: str) -> None:
    ada = make_user(ADA)
    code, said = calling(DORA).patch(f"{path}/members/{ada.pk}", {"role": "admin"})

    assert (code, said["data"]["members"][1]["exactRole"]) == (200, "admin")
    assert calling(DORA).patch(f"{path}/members/{ada.pk}", {"role": "owner"})[0] == 400
    assert role_of(ada, organization.pk) is Role.ADMIN


def test_a_role_that_has_the_same_name_for_programs_stays(
    calling: Calling, organization: Organization
) -> None:
    viewer = make_user("viewer@example.com")
    add_member(organization=organization, user=viewer, role=Role.VIEWER)
    calling(DORA).patch(f"/console/orgs/{organization.pk}/members/{viewer.pk}", {"role": "member"})
    assert role_of(viewer, organization.pk) is Role.VIEWER


def test_the_last_owner_stays(calling: Calling, path: str) -> None:
    dora = make_user(DORA)
    assert calling(DORA).patch(f"{path}/members/{dora.pk}", {"role": "member"})[0] == 400
    assert calling(DORA).delete(f"{path}/members/{dora.pk}")[0] == 400


def test_a_member_is_removed(calling: Calling, organization: Organization, path: str) -> None:
    ada = make_user(ADA)
    assert calling(DORA).delete(f"{path}/members/{ada.pk}") == (200, {"success": True})
    assert calling(DORA).delete(f"{path}/members/{ada.pk}")[0] == 404
    assert role_of(ada, organization.pk) is None


@pytest.mark.parametrize(("method", "below", "body"), ENDPOINTS)
def test_a_stranger_finds_nothing(calling: Calling, path: str, method: str, below: str, body: Any) -> None:
    below = below.format(member=make_user(ADA).pk)
    assert calling(BOB).send(method, f"{path}{below}", body) == (
        404,
        {"error": "There is no such organization."},
    )


@pytest.mark.parametrize("role", [Role.VIEWER, Role.DEVELOPER])
def test_who_does_not_manage_only_reads(
    calling: Calling, calling_member: CallingMember, organization: Organization, path: str, role: Role
) -> None:
    calling(DORA).post(f"{path}/members", {"email": "eve@example.com"})
    caller, ada = calling_member(organization, role), make_user(ADA).pk
    codes = [
        caller.send(method, path + below.format(member=ada), body)[0] for method, below, body in ENDPOINTS
    ]

    assert codes == [200, *[403] * 7]


@pytest.mark.parametrize("org_id", ["x", "9" * 30, "-1", "%00", "1.5"])
def test_an_impossible_id_is_not_there(calling: Calling, org_id: str) -> None:
    assert calling(DORA).get(f"/console/orgs/{org_id}")[0] == 404


def test_command_lines_and_the_older_address_reach_the_same(
    calling: Calling, command_line: Calling, organization: Organization
) -> None:
    for caller, prefix in ((command_line(DORA), "/cli"), (calling(DORA), "")):
        assert [org["name"] for org in caller.get(f"{prefix}/orgs")[1]["data"]] == ["Example"]
        assert caller.get(f"{prefix}/orgs/{organization.pk}")[0] == 200
