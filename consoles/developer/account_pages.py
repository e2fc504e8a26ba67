"""One's own account: name, privacy, copies of one's data, and the way to leave. Each form is one service call."""

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from accounts.models import User
from accounts.rules.own_data import ExportFormat, ExportStatus
from accounts.selectors import exports_of, find_deletion_request
from accounts.services import (
    confirm_deletion,
    request_deletion,
    request_export,
    update_privacy,
    update_profile,
    update_user_settings,
)
from consoles.developer.account_forms import CodeForm, CopyForm, LeavingForm, NameForm, PrivacyForm
from consoles.developer.deeds import attempt
from sessions_app.api.account_data import serve_export

PAGE = "console:account"
CLOSED = "Your account is closed, and everything kept about you is being deleted."


def account_urls(site: AdminSite) -> list[URLPattern]:
    """Return the routes of the page and of what it offers."""

    def page(request: HttpRequest) -> HttpResponse:
        return _show(request, site)

    def save_name(request: HttpRequest) -> HttpResponse:
        return _save_name(request, site)

    def leave(request: HttpRequest) -> HttpResponse:
        return _ask_to_leave(request, site)

    def close(request: HttpRequest) -> HttpResponse:
        return _close(request, site)

    def posted(name: str, route: str, view: Callable[[HttpRequest], HttpResponse]) -> URLPattern:
        return path(f"account/{route}/", site.admin_view(require_POST(view)), name=name)

    return [
        path("account/", site.admin_view(page), name="account"),
        path("account/copies/<uuid:pk>/", site.admin_view(_fetch_copy), name="account_copy"),
        posted("account_name", "name", save_name),
        posted("account_privacy", "privacy", _save_privacy),
        posted("account_copies", "copies", _ask_for_copy),
        posted("account_deletion", "deletion", leave),
        posted("account_close", "deletion/confirm", close),
    ]


def _show(request: HttpRequest, site: AdminSite, **forms_sent: forms.Form) -> HttpResponse:
    user = _visitor(request)
    facts: dict[str, Any] = {
        "title": "Your account",
        "name_form": NameForm(initial={"name": user.name}),
        "privacy_form": PrivacyForm.of(user),
        "copy_form": CopyForm(),
        "leaving_form": LeavingForm(),
        "code_form": CodeForm(),
        "copies": exports_of(user),
        "deletion": find_deletion_request(user),
    }
    context = {**site.each_context(request), **facts, **forms_sent}
    return TemplateResponse(request, "console/account.html", context)


def _save_name(request: HttpRequest, site: AdminSite) -> HttpResponse:
    form = NameForm(request.POST)
    if not form.is_valid():
        return _show(request, site, name_form=form)
    changes = {"name": form.cleaned_data["name"]}
    attempt(request, lambda: update_profile(user=_visitor(request), changes=changes), "Your name was saved.")
    return redirect(PAGE)


def _save_privacy(request: HttpRequest) -> HttpResponse:
    form, user = PrivacyForm(request.POST), _visitor(request)
    form.full_clean()

    def save() -> None:
        update_privacy(user=user, changes=form.changes)
        update_user_settings(user=user, changes=form.consent)

    attempt(request, save, "Your choices were saved.")
    return redirect(PAGE)


def _ask_for_copy(request: HttpRequest) -> HttpResponse:
    form = CopyForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choose one of the formats.")
        return redirect(PAGE)
    kind = ExportFormat(form.cleaned_data["format"])
    done = "Your copy is being made. Look again in a moment."
    attempt(request, lambda: request_export(user=_visitor(request), kind=kind), done)
    return redirect(PAGE)


def _fetch_copy(request: HttpRequest, pk: UUID) -> HttpResponse:
    made = get_object_or_404(exports_of(_visitor(request)), pk=pk, status=ExportStatus.COMPLETED)
    return serve_export(made)


def _ask_to_leave(request: HttpRequest, site: AdminSite) -> HttpResponse:
    form, user = LeavingForm(request.POST), _visitor(request)
    if not form.is_valid():
        return _show(request, site, leaving_form=form)
    reason, done = form.cleaned_data["reason"], f"A code was mailed to {user.email}."
    attempt(request, lambda: request_deletion(user=user, reason=reason), done)
    return redirect(PAGE)


def _close(request: HttpRequest, site: AdminSite) -> HttpResponse:
    form, user = CodeForm(request.POST), _visitor(request)
    if not form.is_valid():
        return _show(request, site, code_form=form)
    wanted, code = find_deletion_request(user), form.cleaned_data["code"]
    request_id = None if wanted is None else wanted.pk
    if not attempt(request, lambda: confirm_deletion(user=user, request_id=request_id, code=code), CLOSED):
        return redirect(PAGE)
    logout(request)
    return redirect("account_login")


def _visitor(request: HttpRequest) -> User:
    return cast(User, request.user)
