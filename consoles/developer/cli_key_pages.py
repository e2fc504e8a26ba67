"""Keys with which one's command lines act as oneself: made here and shown once, renamed, revoked."""

from typing import cast

from django import forms
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_POST
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from accounts.errors import InvalidCliKey, TooManyRequests
from accounts.models import CliKey, User
from accounts.selectors import cli_keys_of
from accounts.services import make_cli_key, rename_cli_key, revoke_cli_key
from consoles.developer.deeds import ask, attempt

LIVES = (("30", "30 days"), ("90", "90 days"), ("365", "one year"), ("", "until I revoke it"))


class CliKeyForm(forms.Form):
    """What a key is for and how long it lasts."""

    name = forms.CharField(
        widget=UnfoldAdminTextInputWidget(attrs={"placeholder": "laptop"}),
        help_text="The machine or job that uses it.",
    )
    expires_in_days = forms.TypedChoiceField(
        label="Lasts",
        choices=LIVES,
        coerce=int,
        empty_value=None,
        required=False,
        initial="90",
        widget=UnfoldAdminSelectWidget,
    )


def cli_key_urls(site: AdminSite) -> list[URLPattern]:
    """Return the routes of the list and of what one does to a key."""

    def every(request: HttpRequest) -> HttpResponse:
        return _make(request, site) if request.method == "POST" else _list(request, site, CliKeyForm())

    def revoke(request: HttpRequest, pk: int) -> HttpResponse:
        return _revoke(request, site, pk)

    return [
        path("cli-keys/", site.admin_view(every), name="cli_keys"),
        path("cli-keys/<int:pk>/rename/", site.admin_view(require_POST(_rename)), name="cli_key_rename"),
        path("cli-keys/<int:pk>/revoke/", site.admin_view(revoke), name="cli_key_revoke"),
    ]


def _list(request: HttpRequest, site: AdminSite, form: CliKeyForm) -> HttpResponse:
    keys = cli_keys_of(cast(User, request.user))
    context = {**site.each_context(request), "title": "CLI keys", "keys": keys, "form": form}
    return TemplateResponse(request, "console/cli_keys.html", context)


def _make(request: HttpRequest, site: AdminSite) -> HttpResponse:
    form = CliKeyForm(request.POST)
    if not form.is_valid():
        return _list(request, site, form)
    try:
        key, token = make_cli_key(user=cast(User, request.user), **form.cleaned_data)
    except InvalidCliKey as error:
        form.add_error(error.field, error.message)
        return _list(request, site, form)
    except TooManyRequests as error:
        form.add_error(None, error.message)
        return _list(request, site, form)
    context = {**site.each_context(request), "title": f"New CLI key: {key.name}", "secret": token}
    answer = TemplateResponse(request, "console/cli_key_made.html", context)
    add_never_cache_headers(answer)
    return answer


def _own_key(request: HttpRequest, pk: int) -> CliKey:
    return get_object_or_404(cli_keys_of(cast(User, request.user)), pk=pk)


def _rename(request: HttpRequest, pk: int) -> HttpResponse:
    key, name = _own_key(request, pk), request.POST.get("name", "")
    attempt(request, lambda: rename_cli_key(key=key, name=name), "The key was renamed.")
    return redirect("console:cli_keys")


def _revoke(request: HttpRequest, site: AdminSite, pk: int) -> HttpResponse:
    key = _own_key(request, pk)
    if request.method != "POST":
        text = "What uses it is refused from then on. This cannot be undone."
        back = reverse("console:cli_keys")
        return ask(request, site, f"Revoke {key.name}?", text=text, button="Revoke", back=back)
    attempt(request, lambda: revoke_cli_key(key=key), f"The key {key.name} was revoked.")
    return redirect("console:cli_keys")
