"""Inviting people into organizations by mail, and letting them in."""

import logging
from datetime import datetime
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.audit import record
from accounts.errors import (
    AlreadyInvited,
    AlreadyMember,
    InvitationNotFound,
    InvitationNotMailed,
    NotAllowed,
)
from accounts.models import Invitation, Membership, Organization, User
from accounts.rules import (
    INVITATION_LIFE,
    INVITATION_WINDOW,
    Right,
    Role,
    check_acceptance,
    check_another_mail,
    check_window,
    demand,
    digest_of,
    new_invitation_token,
    read_email,
    roles_given_by,
)
from accounts.selectors import pending_invitations, role_of
from accounts.services.members import add_member

# Of the Developer Console.
INVITATION_PAGE = "/console/invitations/{token}/"

log = logging.getLogger(__name__)


def invite(*, by: User, organization: Organization, email: str, role: Role) -> Invitation:
    """Invite whoever reads the mail of `email` and mail them the link.

    Raises InvalidEmail, NotAllowed, AlreadyMember, AlreadyInvited, TooManyInvitations; InvitationNotMailed when the
    invitation was made, but not mailed.
    """
    address = read_email(email)
    token = new_invitation_token()
    with transaction.atomic():
        _check_may_give(by, organization, role)
        Organization.objects.select_for_update().get(pk=organization.pk)
        now = timezone.now()
        _check_news(organization, address, now)
        check_window(_mailed_lately(by, organization, now))
        invitation = Invitation.objects.create(
            organization=organization,
            email=address,
            role=role,
            digest=digest_of(token),
            invited_by=by,
            invited_at=now,
            expires_at=now + INVITATION_LIFE,
        )
        _note("made", invitation)
    _mail(invitation, token, by)
    return invitation


def resend_invitation(*, by: User, invitation: Invitation) -> Invitation:
    """Mail a new link, which holds for its full time again; the old link ends.

    Raises NotAllowed, InvitationNotFound when it is not pending, TooManyInvitations, InvitationNotMailed.
    """
    token = new_invitation_token()
    with transaction.atomic():
        _hold_pending(invitation)
        _check_may_give(by, invitation.organization, Role(invitation.role))
        now = timezone.now()
        check_another_mail(
            now=now, last_email_at=invitation.last_email_at, emails_sent=invitation.emails_sent
        )
        check_window(_mailed_lately(by, invitation.organization, now))
        invitation.digest = digest_of(token)
        invitation.expires_at = now + INVITATION_LIFE
        invitation.save(update_fields=["digest", "expires_at"])
        _note("resent", invitation)
    _mail(invitation, token, by)
    return invitation


@transaction.atomic
def rescind_invitation(*, by: User, invitation: Invitation) -> None:
    """Take an invitation back: its link ends; raise NotAllowed, InvitationNotFound when it is not pending."""
    _hold_pending(invitation)
    _check_may_give(by, invitation.organization, Role(invitation.role))
    invitation.rescinded_at = timezone.now()
    invitation.save(update_fields=["rescinded_at"])
    _note("rescinded", invitation)


@transaction.atomic
def accept_invitation(*, user: User, token: str) -> Membership:
    """Make `user` a member as the invitation with this token says.

    Raises InvitationNotFound, InvitationForSomebodyElse, InvitationUsed, InvitationRescinded, InvitationExpired,
    AlreadyMember.
    """
    held = Invitation.objects.select_for_update(of=("self",)).select_related("organization")
    invitation = held.filter(digest=digest_of(token)).first()
    if invitation is None:
        raise InvitationNotFound("There is no such invitation. A newer mail may have replaced it.")
    now = timezone.now()
    check_acceptance(
        invited=invitation.email,
        email=user.email,
        now=now,
        expires_at=invitation.expires_at,
        accepted_at=invitation.accepted_at,
        rescinded_at=invitation.rescinded_at,
    )
    if role_of(user, invitation.organization_id) is not None:
        raise AlreadyMember(f"You belong to {invitation.organization} already.")
    invitation.accepted_at = now
    invitation.save(update_fields=["accepted_at"])
    _note("accepted", invitation)
    return add_member(organization=invitation.organization, user=user, role=Role(invitation.role))


def _check_may_give(by: User, organization: Organization, role: Role) -> None:
    own = role_of(by, organization.pk)
    demand(own, Right.MANAGE_MEMBERS)
    if role not in roles_given_by(own):
        raise NotAllowed("Only owners invite owners.")


def _check_news(organization: Organization, email: str, now: datetime) -> None:
    if Membership.objects.filter(organization=organization, user__email=email).exists():
        raise AlreadyMember(f"{email} belongs to {organization} already.")
    pending = pending_invitations(organization).filter(email=email)
    if pending.filter(expires_at__gt=now).exists():
        raise AlreadyInvited(f"{email} is invited already. Resend that invitation or rescind it.")
    pending.update(rescinded_at=now)


def _mailed_lately(by: User, organization: Organization, now: datetime) -> int:
    theirs = Q(organization=organization) | Q(invited_by=by)
    return Invitation.objects.filter(theirs, invited_at__gt=now - INVITATION_WINDOW).count()


def _hold_pending(invitation: Invitation) -> None:
    pending = Invitation.objects.filter(accepted_at=None, rescinded_at=None)
    try:
        invitation.refresh_from_db(from_queryset=pending.select_for_update())
    except Invitation.DoesNotExist as error:
        raise InvitationNotFound(f"The invitation of {invitation.email} is not pending any more.") from error


def _note(deed: str, invitation: Invitation) -> None:
    facts = {"email": invitation.email, "role": invitation.role}
    record(f"invitation.{deed}", invitation, organization=invitation.organization, after=facts)


def _mail(invitation: Invitation, token: str, by: User) -> None:
    facts = {
        "inviter": by.name or by.email,
        "organization": invitation.organization.name,
        "role": invitation.role,
        "link": settings.PUBLIC_URL + INVITATION_PAGE.format(token=token),
        "until": invitation.expires_at,
    }
    subject = f"{facts['inviter']} invites you to {facts['organization']}"
    text = render_to_string("accounts/invitation.txt", facts)
    try:
        EmailMessage(" ".join(subject.split()), text, to=[invitation.email]).send()
    except (OSError, SMTPException, ValueError) as problem:
        log.warning("The mail of an invitation could not be sent: %s", type(problem).__name__)
        raise InvitationNotMailed(
            f"{invitation.email} is invited, but the mail could not be sent. Resend it in a minute."
        ) from problem
    Invitation.objects.filter(pk=invitation.pk).update(
        emails_sent=F("emails_sent") + 1, last_email_at=timezone.now()
    )
    invitation.refresh_from_db(fields=["emails_sent", "last_email_at"])
