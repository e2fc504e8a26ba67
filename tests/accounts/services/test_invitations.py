"""Invitations: mailed, mailed again, taken back, accepted."""

import re
from datetime import timedelta
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from accounts.errors import (
    AccountError,
    AlreadyInvited,
    AlreadyMember,
    InvitationExpired,
    InvitationForSomebodyElse,
    InvitationNotFound,
    InvitationNotMailed,
    InvitationRescinded,
    InvitationUsed,
    NotAllowed,
    TooManyInvitations,
)
from accounts.models import AuditEntry, Invitation, Organization
from accounts.rules import Role
from accounts.selectors import find_invitation, is_invited, pending_invitations, role_of
from accounts.services import (
    accept_invitation,
    add_member,
    invite,
    rescind_invitation,
    resend_invitation,
)
from tests.support.personas import ADA, BOB, DORA, make_organization, make_user

pytestmark = pytest.mark.django_db


def invite_ada(organization: Organization, role: Role = Role.DEVELOPER, by: str = DORA) -> Invitation:
    return invite(by=make_user(by), organization=organization, email=ADA, role=role)


def mailed_token() -> str:
    """Return the token of the newest mail."""
    found = re.search(r"http://127\.0\.0\.1:8000/console/invitations/(\S+)/", str(mail.outbox[-1].body))
    assert found
    return found[1]


def a_minute_passes(invitation: Invitation) -> None:
    Invitation.objects.filter(pk=invitation.pk).update(last_email_at=timezone.now() - timedelta(minutes=1))


def refusal(token: str, email: str = ADA) -> type[AccountError]:
    with pytest.raises(AccountError) as refused:
        accept_invitation(user=make_user(email), token=token)
    return refused.type


def test_the_mail_says_who_invites_where_and_how_long() -> None:
    invitation = invite(
        by=make_user(DORA),
        organization=make_organization("Tom & Co"),
        email=" ADA@example.com",
        role=Role.VIEWER,
    )
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == ([ADA], f"{DORA} invites you to Tom & Co")
    assert f"{DORA} invites you to the organization Tom & Co" in sent.body
    assert "as viewer" in sent.body
    assert f"{invitation.expires_at:%Y, %H:%M} UTC" in sent.body
    assert (invitation.emails_sent, invitation.expires_at - invitation.invited_at) == (1, timedelta(days=7))


def test_the_token_is_in_the_mail_and_nowhere_else() -> None:
    invitation = invite_ada(make_organization())
    token = mailed_token()
    assert find_invitation(token) == invitation
    assert token not in str(Invitation.objects.values())
    assert token not in str(AuditEntry.objects.values())


def test_who_accepts_is_a_member_with_that_role_once() -> None:
    organization = make_organization()
    invite_ada(organization, Role.VIEWER)
    membership = accept_invitation(user=make_user(ADA), token=mailed_token())
    assert (membership.user.email, membership.role) == (ADA, Role.VIEWER)
    assert refusal(mailed_token()) is InvitationUsed
    assert not pending_invitations(organization).exists()
    assert AuditEntry.objects.filter(action="invitation.accepted", organization=organization).exists()


def test_nobody_else_accepts_it() -> None:
    organization = make_organization()
    invite_ada(organization)
    assert refusal(mailed_token(), BOB) is InvitationForSomebodyElse
    assert role_of(make_user(BOB), organization.pk) is None


def test_an_unknown_token_is_no_invitation() -> None:
    for token in ("", "x", "\ud800", "x" * 5000):
        assert refusal(token) is InvitationNotFound


def test_a_rescinded_invitation_ends() -> None:
    organization = make_organization()
    invitation = invite_ada(organization)
    rescind_invitation(by=make_user(DORA), invitation=invitation)
    assert refusal(mailed_token()) is InvitationRescinded
    for again in (rescind_invitation, resend_invitation):
        with pytest.raises(InvitationNotFound):
            again(by=make_user(DORA), invitation=invitation)
    assert not is_invited(ADA)


def test_an_expired_invitation_makes_room_for_a_new_one() -> None:
    organization = make_organization()
    invitation = invite_ada(organization)
    with pytest.raises(AlreadyInvited):
        invite_ada(organization)
    Invitation.objects.update(expires_at=timezone.now())
    assert refusal(mailed_token()) is InvitationExpired
    assert not is_invited(ADA)
    assert invite_ada(organization).pk != invitation.pk
    assert pending_invitations(organization).count() == 1


def test_one_address_may_be_invited_by_several_organizations() -> None:
    invite_ada(make_organization("One"))
    invite_ada(make_organization("Two"))
    assert is_invited(ADA)


def test_a_new_mail_ends_the_link_of_the_old_one_and_extends_the_time() -> None:
    invitation = invite_ada(make_organization())
    first = mailed_token()
    with pytest.raises(TooManyInvitations):
        resend_invitation(by=make_user(DORA), invitation=invitation)
    a_minute_passes(invitation)
    Invitation.objects.update(expires_at=timezone.now())
    resend_invitation(by=make_user(DORA), invitation=invitation)
    assert (len(mail.outbox), invitation.emails_sent) == (2, 2)
    assert refusal(first) is InvitationNotFound
    accept_invitation(user=make_user(ADA), token=mailed_token())


def test_a_member_is_not_invited() -> None:
    organization = make_organization()
    invite_ada(organization)
    add_member(organization=organization, user=make_user(ADA), role=Role.VIEWER)
    with pytest.raises(AlreadyMember):
        invite_ada(organization)
    assert refusal(mailed_token()) is AlreadyMember


@pytest.mark.parametrize(
    ("own", "offered", "works"),
    [
        (Role.ADMIN, Role.ADMIN, True),
        (Role.ADMIN, Role.OWNER, False),
        (Role.DEVELOPER, Role.VIEWER, False),
        (Role.VIEWER, Role.VIEWER, False),
        (None, Role.VIEWER, False),
    ],
)
def test_one_invites_with_roles_one_may_give(own: Role | None, offered: Role, works: bool) -> None:
    organization = make_organization()
    if own is not None:
        add_member(organization=organization, user=make_user(BOB), role=own)
    if works:
        invite_ada(organization, offered, by=BOB)
    else:
        with pytest.raises(NotAllowed):
            invite_ada(organization, offered, by=BOB)
    assert len(mail.outbox) == works


def test_an_admin_does_not_touch_the_invitation_of_an_owner() -> None:
    organization = make_organization()
    add_member(organization=organization, user=make_user(BOB), role=Role.ADMIN)
    invitation = invite_ada(organization, Role.OWNER)
    a_minute_passes(invitation)
    for change in (rescind_invitation, resend_invitation):
        with pytest.raises(NotAllowed):
            change(by=make_user(BOB), invitation=invitation)


def test_an_organization_mails_so_many_in_an_hour_and_so_does_a_person() -> None:
    dora, organization = make_user(DORA), make_organization()
    for number in range(20):
        invite(by=dora, organization=organization, email=f"friend{number}@example.com", role=Role.VIEWER)
    for target in (organization, make_organization("Another")):
        with pytest.raises(TooManyInvitations):
            invite_ada(target)
    Invitation.objects.update(invited_at=timezone.now() - timedelta(hours=1))
    invite_ada(organization)


def test_a_mail_that_could_not_be_sent_is_told_and_sent_later(monkeypatch: pytest.MonkeyPatch) -> None:
    organization = make_organization()

    def fail(*_: object) -> int:
        raise SMTPServerDisconnected("secret server name")

    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", fail)
        with pytest.raises(InvitationNotMailed) as told:
            invite_ada(organization)
    assert "secret" not in told.value.message
    invitation = pending_invitations(organization).get()
    assert invitation.emails_sent == 0
    assert resend_invitation(by=make_user(DORA), invitation=invitation).emails_sent == 1
