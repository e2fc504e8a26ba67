"""Where the link of an invitation leads: by sign-up or log-in to one button that joins."""

from typing import cast
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from accounts.adapter import expect_invited
from accounts.errors import AccountError
from accounts.models import Invitation, User
from accounts.rules import check_acceptance
from accounts.selectors import find_invitation, find_user
from accounts.services import accept_invitation


def joining_urls() -> list[URLPattern]:
    """Return the route; strangers may open it."""
    return [path("invitations/<str:token>/", never_cache(_join), name="invitation")]


def _join(request: HttpRequest, token: str) -> HttpResponse:
    invitation = find_invitation(token)
    if invitation is None:
        reason = "There is no such invitation. A newer mail may have replaced it."
        return render(request, "console/joining.html", {"refusal": reason}, status=404)
    email = request.user.email if request.user.is_authenticated else invitation.email
    try:
        _check(invitation, email)
    except AccountError as error:
        is_elsewhere = email != invitation.email
        facts = {"invitation": invitation, "refusal": error.message, "is_elsewhere": is_elsewhere}
        return render(request, "console/joining.html", facts)
    if not request.user.is_authenticated:
        return _come_in(request, invitation)
    if request.method == "POST":
        return _accept(request, invitation, token)
    return render(request, "console/joining.html", {"invitation": invitation})


def _check(invitation: Invitation, email: str) -> None:
    check_acceptance(
        invited=invitation.email,
        email=email,
        now=timezone.now(),
        expires_at=invitation.expires_at,
        accepted_at=invitation.accepted_at,
        rescinded_at=invitation.rescinded_at,
    )


def _come_in(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """Lead to the log-in or, who is new, to the sign-up; who holds the link has proven the address."""
    known = find_user(invitation.email) is not None
    if not known:
        expect_invited(request, invitation.email)
    door = reverse("account_login" if known else "account_signup")
    return HttpResponseRedirect(f"{door}?{urlencode({'next': request.path})}")


def _accept(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    try:
        membership = accept_invitation(user=cast(User, request.user), token=token)
    except AccountError as error:
        return render(request, "console/joining.html", {"invitation": invitation, "refusal": error.message})
    messages.success(request, f"Welcome to {membership.organization}.")
    return redirect("console:organization", membership.organization_id)
