"""Members and invitations on the page of their organization."""

import pytest
from django.core import mail

from accounts.models import Invitation, Membership, Organization
from accounts.rules import Role
from accounts.selectors import pending_invitations
from accounts.services import add_member, invite
from tests.consoles.conftest import Browsing, Member
from tests.consoles.developer.test_organization_pages import told
from tests.support.personas import ADA, BOB, DORA, make_organization, make_user

pytestmark = pytest.mark.django_db


def page_of(organization: Organization) -> str:
    return f"/console/organizations/{organization.pk}/"


def test_a_role_is_changed_and_a_member_removed(browsing: Browsing) -> None:
    organization, dora = make_organization(), browsing(DORA)
    bob = add_member(organization=organization, user=make_user(BOB), role=Role.VIEWER)
    path = f"{page_of(organization)}members/{bob.pk}/"
    assert "bob@example.com is admin now" in told(dora, f"{path}role/", role="admin")
    assert "There is no role" in told(dora, f"{path}role/", role="king")
    assert "Remove bob@example.com?" in dora.get(f"{path}remove/").content.decode()
    assert "was removed" in told(dora, f"{path}remove/")
    assert not Membership.objects.filter(user__email=BOB).exists()


def test_an_admin_is_offered_no_power_over_owners(member: Member) -> None:
    organization = make_organization()
    admin, owner = member(organization, Role.ADMIN), Membership.objects.get(user__email=DORA)
    path = f"{page_of(organization)}members/{owner.pk}/"
    text = admin.get(page_of(organization)).content.decode()
    assert path not in text
    assert 'value="owner"' not in text
    refused = admin.post(f"{path}role/", {"role": "viewer"})
    assert refused.status_code == 403
    assert "Only owners make and unmake owners." in refused.content.decode()
    assert admin.post(f"{path}remove/").status_code == 403
    owner.refresh_from_db()
    assert owner.role == Role.OWNER


def test_members_of_another_organization_are_out_of_reach(browsing: Browsing) -> None:
    mine, foreign = make_organization("Mine"), make_organization("Foreign", owner=make_user(BOB))
    bob = Membership.objects.get(user__email=BOB)
    invitation = invite(by=make_user(BOB), organization=foreign, email=ADA, role=Role.VIEWER)
    dora = browsing(DORA)
    for path in (f"members/{bob.pk}/remove/", f"invitations/{invitation.pk}/rescind/"):
        assert dora.post(page_of(mine) + path).status_code == 404


def test_somebody_is_invited_again_and_not_any_more(browsing: Browsing) -> None:
    organization, dora = make_organization(), browsing(DORA)
    path = f"{page_of(organization)}invitations/"
    text = told(dora, path, email="Ada@Example.com", role="developer")
    assert "on its way to ada@example.com" in text.lower()
    assert mail.outbox[0].to == [ADA]
    assert "is invited already" in told(dora, path, email=ADA, role="viewer")
    invitation = pending_invitations(organization).get()
    assert "a moment ago" in told(dora, f"{path}{invitation.pk}/resend/")
    Invitation.objects.update(last_email_at=invitation.invited_at.replace(year=2020))
    assert "A new link is on its way" in told(dora, f"{path}{invitation.pk}/resend/")
    assert "was taken back" in told(dora, f"{path}{invitation.pk}/rescind/")
    assert "Nobody is invited" in dora.get(page_of(organization)).content.decode()


@pytest.mark.parametrize(("email", "role"), [("nobody", "viewer"), (ADA, "owner"), (ADA, "king"), ("", "")])
def test_a_bad_invitation_is_explained_and_not_sent(member: Member, email: str, role: str) -> None:
    organization = make_organization()
    admin = member(organization, Role.ADMIN)
    answer = admin.post(f"{page_of(organization)}invitations/", {"email": email, "role": role})
    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode() or "errors" in answer.content.decode()
    assert mail.outbox == []
