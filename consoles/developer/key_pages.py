"""API keys of one app and the secret that signs its webhooks: made here and shown once, rolled, named, revoked."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_POST
from unfold.widgets import UnfoldAdminRadioSelectWidget, UnfoldAdminTextInputWidget

from accounts.errors import TooManyRequests
from accounts.rules import Right
from apps_registry.errors import RegistryError
from apps_registry.models import ApiKey, App
from apps_registry.rules import OVERLAPS, key_prefix
from apps_registry.selectors import list_keys
from apps_registry.services import (
    create_api_key,
    rename_api_key,
    revoke_api_key,
    roll_api_key,
    rotate_webhook_secret,
)
from consoles.developer.app_page import own_app, show_app_page
from consoles.developer.deeds import ask, attempt
from consoles.developer.scope import may

WAITS = {"now": "No time: it stops now", "1h": "1 hour", "24h": "24 hours", "7d": "7 days"}
KEY_USE = "The app's server sends it with every connection. In the examples it is MENTRA_API_KEY."
SECRET_USE = (
    "Servers check the X-Mentra-Signature header of every webhook with it. "  # noqa: S105
    "In the examples it is WEBHOOK_SECRET."
)


class KeyForm(forms.Form):
    """What a new key is for."""

    name = forms.CharField(
        required=False,
        widget=UnfoldAdminTextInputWidget(attrs={"placeholder": "production server"}),
        help_text="Where it is used, so that you know later which one to roll.",
    )


class OverlapForm(forms.Form):
    """How long the old one goes on working."""

    overlap = forms.ChoiceField(
        label="The old one works for another",
        choices=[(name, WAITS[name]) for name in OVERLAPS],
        initial="24h",
        widget=UnfoldAdminRadioSelectWidget,
    )


def key_urls(site: AdminSite) -> list[URLPattern]:
    """Return the routes of the list and of what one does to a key or to the secret."""

    def on_site(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        def page(request: HttpRequest, app_pk: int, **of_key: int) -> HttpResponse:
            return view(request, site, app_pk, **of_key)

        return site.admin_view(page)

    base = "apps/<int:app_pk>/keys/"
    return [
        path(base, on_site(_keys), name="app_keys"),
        path(f"{base}<int:key_pk>/roll/", on_site(_roll), name="app_key_roll"),
        path(f"{base}<int:key_pk>/revoke/", on_site(_revoke), name="app_key_revoke"),
        path(f"{base}<int:key_pk>/rename/", site.admin_view(require_POST(_rename)), name="app_key_rename"),
        path(f"{base}webhook-secret/", on_site(_roll_secret), name="app_webhook_secret"),
    ]


def _keys(request: HttpRequest, site: AdminSite, app_pk: int) -> HttpResponse:
    if request.method != "POST":
        return _list(request, site, own_app(request, app_pk), KeyForm())
    app = own_app(request, app_pk, Right.DEVELOP)
    form = KeyForm(request.POST)
    if form.is_valid():
        made = _try(form, lambda: create_api_key(app=app, name=form.cleaned_data["name"]))
        if made is not None:
            return _show_secret(request, site, app, "API key", secret=made[1], use=KEY_USE)
    return _list(request, site, app, form)


def _list(request: HttpRequest, site: AdminSite, app: App, form: KeyForm) -> HttpResponse:
    working, over = list_keys(app)
    return show_app_page(
        request,
        site,
        app,
        "console/app_keys.html",
        title="keys",
        working=working,
        over=over,
        form=form,
        may_develop=may(request, Right.DEVELOP, app.organization_id),
        secrets=[f"{key_prefix(secret)}…" for secret in app.webhook_secrets],
    )


def _roll(request: HttpRequest, site: AdminSite, app_pk: int, key_pk: int) -> HttpResponse:
    app, key = _own_key(request, app_pk, key_pk)
    form = OverlapForm(request.POST or None)
    if form.is_valid():
        overlap = OVERLAPS[form.cleaned_data["overlap"]]
        made = _try(form, lambda: roll_api_key(key=key, overlap=overlap))
        if made is not None:
            return _show_secret(request, site, app, "API key", secret=made[1], use=KEY_USE)
    steps = [
        "A new key is made and shown to you once.",
        "Give it to your server and restart that.",
        "Until then the server goes on with the old key. When that one ends, connections made with it are closed.",
    ]
    return _ask_overlap(request, site, app, form, heading=f"Roll the key {key}", steps=steps)


def _roll_secret(request: HttpRequest, site: AdminSite, app_pk: int) -> HttpResponse:
    app = own_app(request, app_pk, Right.DEVELOP)
    form = OverlapForm(request.POST or None)
    if form.is_valid():
        overlap = OVERLAPS[form.cleaned_data["overlap"]]
        secret = _try(form, lambda: rotate_webhook_secret(app=app, overlap=overlap))
        if secret is not None:
            return _show_secret(request, site, app, "webhook secret", secret=secret, use=SECRET_USE)
    steps = [
        "A new secret is made and shown to you once. X-Mentra-Signature is made with it from then on.",
        "Give it to your server and restart that.",
        "Until then, X-Mentra-Signature-Previous is made with the old one. The Python SDK accepts either; a check "
        "that you wrote yourself must do so too, or refuses webhooks until it has the new secret.",
        "Servers that check no signature, as those of the TypeScript SDK, notice nothing.",
    ]
    return _ask_overlap(request, site, app, form, heading="Roll the webhook secret", steps=steps)


def _rename(request: HttpRequest, app_pk: int, key_pk: int) -> HttpResponse:
    _, key = _own_key(request, app_pk, key_pk)
    name = request.POST.get("name", "")
    attempt(request, lambda: rename_api_key(key=key, name=name), "The key was renamed.")
    return redirect("console:app_keys", app_pk)


def _revoke(request: HttpRequest, site: AdminSite, app_pk: int, key_pk: int) -> HttpResponse:
    _, key = _own_key(request, app_pk, key_pk)
    if request.method != "POST":
        text = (
            "Every connection made with this key is closed at once, and it is refused from then on. If a server still "
            "uses it, roll it instead: then both keys work for a while."
        )
        back = reverse("console:app_keys", args=[app_pk])
        return ask(request, site, f"Revoke the key {key}?", text=text, button="Revoke", back=back)
    attempt(request, lambda: revoke_api_key(key=key), f"The key {key} was revoked.")
    return redirect("console:app_keys", app_pk)


def _own_key(request: HttpRequest, app_pk: int, key_pk: int) -> tuple[App, ApiKey]:
    app = own_app(request, app_pk, Right.DEVELOP)
    return app, get_object_or_404(ApiKey.objects.select_related("app__organization"), app=app, pk=key_pk)


def _try(form: forms.Form, deed: Callable[[], Any]) -> Any:
    """Return what `deed` made, or None with the reason at the form."""
    try:
        return deed()
    except (RegistryError, TooManyRequests) as error:
        form.add_error(None, error.message)
        return None


def _ask_overlap(
    request: HttpRequest, site: AdminSite, app: App, form: OverlapForm, **facts: Any
) -> HttpResponse:
    return show_app_page(request, site, app, "console/app_roll.html", title="roll", form=form, **facts)


def _show_secret(request: HttpRequest, site: AdminSite, app: App, kind: str, **facts: str) -> HttpResponse:
    answer = show_app_page(
        request, site, app, "console/app_secret.html", title=f"new {kind}", kind=kind, **facts
    )
    add_never_cache_headers(answer)
    return answer
