"""Members and invitations of an organization: each form is one service call."""

from typing import cast

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from accounts.errors import AccountError, InvalidRole, InvitationNotMailed, NotAllowed
from accounts.models import Invitation, Membership, User
from accounts.rules import Right, read_role, roles_given_by
from accounts.selectors import members_of, pending_invitations
from accounts.services import change_role, invite, remove_member, rescind_invitation, resend_invitation
from consoles.developer.deeds import ask, attempt
from consoles.developer.organization_forms import InvitationForm
from consoles.developer.organization_pages import own_organization, show_organization


def member_urls(site: AdminSite) -> list[URLPattern]:
    """Return the routes below the page of an organization."""

    def send(request: HttpRequest, pk: int) -> HttpResponse:
        return _invite(request, site, pk)

    def remove(request: HttpRequest, pk: int, member_pk: int) -> HttpResponse:
        return _remove(request, site, pk, member_pk)

    members, invitations = "organizations/<int:pk>/members/", "organizations/<int:pk>/invitations/"
    role, again = site.admin_view(require_POST(_change_role)), site.admin_view(require_POST(_resend))
    rescind = site.admin_view(require_POST(_rescind))
    return [
        path(f"{members}<int:member_pk>/role/", role, name="member_role"),
        path(f"{members}<int:member_pk>/remove/", site.admin_view(remove), name="member_remove"),
        path(invitations, site.admin_view(require_POST(send)), name="invite"),
        path(f"{invitations}<int:invitation_pk>/resend/", again, name="invitation_resend"),
        path(f"{invitations}<int:invitation_pk>/rescind/", rescind, name="invitation_rescind"),
    ]


def _member(request: HttpRequest, pk: int, member_pk: int) -> Membership:
    organization, _ = own_organization(request, pk, Right.MANAGE_MEMBERS)
    return get_object_or_404(members_of(organization), pk=member_pk)


def _invitation(request: HttpRequest, pk: int, invitation_pk: int) -> Invitation:
    organization, _ = own_organization(request, pk, Right.MANAGE_MEMBERS)
    return get_object_or_404(pending_invitations(organization), pk=invitation_pk)


def _change_role(request: HttpRequest, pk: int, member_pk: int) -> HttpResponse:
    member, by = _member(request, pk, member_pk), cast(User, request.user)
    try:
        role = read_role(request.POST.get("role"))
    except InvalidRole as error:
        messages.error(request, error.message)
        return _back(pk)
    attempt(
        request,
        lambda: change_role(by=by, membership=member, role=role),
        f"{member.user} is {role} now.",
    )
    return _back(pk)


def _remove(request: HttpRequest, site: AdminSite, pk: int, member_pk: int) -> HttpResponse:
    member, by = _member(request, pk, member_pk), cast(User, request.user)
    if request.method != "POST":
        text = f"{member.user} loses sight of all apps of {member.organization}. Apps and keys stay."
        back = reverse("console:organization", args=[pk])
        return ask(request, site, f"Remove {member.user}?", text=text, button="Remove", back=back)
    attempt(request, lambda: remove_member(by=by, membership=member), f"{member.user} was removed.")
    return _back(pk)


def _invite(request: HttpRequest, site: AdminSite, pk: int) -> HttpResponse:
    organization, own_role = own_organization(request, pk, Right.MANAGE_MEMBERS)
    by = cast(User, request.user)
    form = InvitationForm(request.POST, roles=roles_given_by(own_role))
    if not form.is_valid():
        return show_organization(request, site, pk, invitation=form)
    email, role = form.cleaned_data["email"], read_role(form.cleaned_data["role"])
    try:
        invite(by=by, organization=organization, email=email, role=role)
    except NotAllowed as error:
        raise PermissionDenied(error.message) from error
    except InvitationNotMailed as error:
        messages.warning(request, error.message)
    except AccountError as error:
        form.add_error("email", error.message)
        return show_organization(request, site, pk, invitation=form)
    else:
        messages.success(request, f"The invitation is on its way to {email}.")
    return _back(pk)


def _resend(request: HttpRequest, pk: int, invitation_pk: int) -> HttpResponse:
    invitation, by = _invitation(request, pk, invitation_pk), cast(User, request.user)
    attempt(
        request,
        lambda: resend_invitation(by=by, invitation=invitation),
        f"A new link is on its way to {invitation.email}; the old one ended.",
    )
    return _back(pk)


def _rescind(request: HttpRequest, pk: int, invitation_pk: int) -> HttpResponse:
    invitation, by = _invitation(request, pk, invitation_pk), cast(User, request.user)
    attempt(
        request,
        lambda: rescind_invitation(by=by, invitation=invitation),
        f"The invitation of {invitation.email} was taken back.",
    )
    return _back(pk)


def _back(pk: int) -> HttpResponse:
    return redirect("console:organization", pk)
