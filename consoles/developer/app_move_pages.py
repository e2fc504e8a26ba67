"""Moving an app to another of one's organizations."""

from typing import cast

from django import forms
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from unfold.widgets import UnfoldAdminSelectWidget

from accounts.models import Organization, User
from accounts.rules import Right
from accounts.selectors import organizations_of
from apps_registry.models import App
from apps_registry.services import move_app
from consoles.developer.app_page import own_app, show_app_page
from consoles.developer.deeds import ask, attempt


class MoveForm(forms.Form):
    """Where an app may go: organizations in which the visitor develops, but for its own."""

    organization = forms.ModelChoiceField(
        Organization.objects.none(), empty_label=None, widget=UnfoldAdminSelectWidget
    )

    def __init__(self, *args: object, user: User, app: App) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        targets = organizations_of(user, Right.DEVELOP).exclude(pk=app.organization_id)
        self.fields["organization"].queryset = targets  # type: ignore[attr-defined]


def app_move_urls(site: AdminSite) -> list[URLPattern]:
    """Return the route; it takes the right to manage the app."""

    def page(request: HttpRequest, app_pk: int) -> HttpResponse:
        return _move(request, site, own_app(request, app_pk, Right.MANAGE))

    return [path("apps/<int:app_pk>/move/", site.admin_view(page), name="app_move")]


def _move(request: HttpRequest, site: AdminSite, app: App) -> HttpResponse:
    user = cast(User, request.user)
    form = MoveForm(request.POST or None, user=user, app=app)
    if request.method != "POST" or not form.is_valid():
        has_choice = form.fields["organization"].queryset.exists()  # type: ignore[attr-defined]
        facts = {"form": form, "has_choice": has_choice}
        return show_app_page(request, site, app, "console/app_move.html", title="move", **facts)
    target: Organization = form.cleaned_data["organization"]
    if "sure" not in request.POST:
        text = (
            f"Members of {app.organization} lose it, members of {target} get it. It keeps running meanwhile."
        )
        return ask(
            request,
            site,
            f"Move {app.name} to {target}?",
            text=text,
            button="Move",
            variant="primary",
            back=reverse("console:app_move", args=[app.pk]),
            hidden={"organization": target.pk, "sure": "yes"},
        )
    done = f"{app.name} belongs to {target} now."
    moved = attempt(request, lambda: move_app(by=user, app=app, organization=target), done)
    return redirect("console:apps_registry_app_change" if moved else "console:app_move", app.pk)
