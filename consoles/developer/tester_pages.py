"""Who tests an app before everybody may: its links, the people who accepted, and what a link opens."""

from typing import cast

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from unfold.widgets import UnfoldAdminEmailInputWidget, UnfoldAdminTextInputWidget

from accounts.models import User
from accounts.rules import Right
from apps_registry.errors import RegistryError, ShareRefused
from apps_registry.models import App, AppTester, ShareLink
from apps_registry.rules import ShareState, check_share
from apps_registry.rules.sharing import DEFAULT_DAYS, MOST_LINKS
from apps_registry.services import (
    accept_share_link,
    invite_tester,
    make_share_link,
    remove_tester,
    revoke_share_link,
    share_url,
)
from consoles.developer.app_page import own_app, show_app_page
from consoles.developer.deeds import attempt

PAGE_ROWS = 50


class LinkForm(forms.Form):
    """For how long a link holds, and for how many people."""

    days = forms.CharField(
        label="Days", initial=DEFAULT_DAYS, widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "numeric"})
    )
    most_uses = forms.CharField(
        label="Most people",
        required=False,
        widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "numeric", "placeholder": "any number"}),
    )


class InviteForm(forms.Form):
    """Whom to invite."""

    email = forms.EmailField(label="E-mail address", widget=UnfoldAdminEmailInputWidget())


def tester_urls(site: AdminSite) -> list[URLPattern]:
    """Return the routes of the page, of what it sets off, and of what a link opens."""

    def page(request: HttpRequest, app_pk: int) -> HttpResponse:
        return _show(request, site, own_app(request, app_pk, Right.DEVELOP))

    def share(request: HttpRequest, app_pk: int, what: str) -> HttpResponse:
        return _share(request, own_app(request, app_pk, Right.DEVELOP), what)

    def end(request: HttpRequest, app_pk: int, what: str, pk: int) -> HttpResponse:
        return _end(request, own_app(request, app_pk, Right.DEVELOP), what, pk)

    def trial(request: HttpRequest, token: str) -> HttpResponse:
        return _try(request, site, token)

    testers = "apps/<int:app_pk>/testers/"
    return [
        path(testers, site.admin_view(page), name="app_testers"),
        path(f"{testers}<str:what>/", site.admin_view(require_POST(share)), name="app_share"),
        path(f"{testers}<str:what>/<int:pk>/end/", site.admin_view(require_POST(end)), name="app_unshare"),
        path("try/<str:token>/", never_cache(site.admin_view(trial)), name="try"),
    ]


def _show(request: HttpRequest, site: AdminSite, app: App) -> HttpResponse:
    links = ShareLink.objects.filter(app=app, revoked_at=None).select_related("created_by")[:MOST_LINKS]
    testers = AppTester.objects.filter(app=app).select_related("user")
    return show_app_page(
        request,
        site,
        app,
        "console/app_testers.html",
        title="testers",
        links=[(link, share_url(link)) for link in links if not link.email],
        invited=[link for link in links if link.email and link.state is not ShareState.USED_UP],
        page=Paginator(testers, PAGE_ROWS).get_page(request.GET.get("page")),
        link_form=LinkForm(),
        invite_form=InviteForm(),
    )


def _share(request: HttpRequest, app: App, what: str) -> HttpResponse:
    by = cast(User, request.user)
    if what == "links":
        terms = {"days": request.POST.get("days", ""), "most_uses": request.POST.get("most_uses", "")}
        attempt(
            request, lambda: make_share_link(app=app, by=by, **terms), "The link is ready to be passed on."
        )
    elif what == "people":
        email = request.POST.get("email", "")
        attempt(
            request, lambda: invite_tester(app=app, by=by, email=email), f"{email} gets a mail with a link."
        )
    else:
        raise Http404
    return redirect("console:app_testers", app.pk)


def _end(request: HttpRequest, app: App, what: str, pk: int) -> HttpResponse:
    if what == "links":
        link = get_object_or_404(ShareLink, app=app, pk=pk)
        attempt(request, lambda: revoke_share_link(link=link), "The link lets nobody in any more.")
    elif what == "people":
        tester = get_object_or_404(AppTester.objects.select_related("user", "app"), app=app, pk=pk)
        attempt(request, lambda: remove_tester(tester=tester), f"{tester.user} tests the app no longer.")
    else:
        raise Http404
    return redirect("console:app_testers", app.pk)


def _try(request: HttpRequest, site: AdminSite, token: str) -> HttpResponse:
    """Show a link's app to whoever is signed in and, asked to, install it for them or take it away again."""
    user = cast(User, request.user)
    link = ShareLink.objects.filter(token=token).select_related("app__organization").first()
    if link is None:
        return _answer(request, site, "There is no such link. Ask whoever sent it for a new one.", status=404)
    tester = AppTester.objects.filter(app=link.app, user=user).first()
    try:
        if tester is None:
            check_share(
                state=link.state, meant_for=link.email, email=user.email, is_deprecated=link.app.is_deprecated
            )
        if request.method == "POST":
            _decide(request, link, tester)
            return redirect("console:try", token)
    except ShareRefused as error:
        return _answer(request, site, error.message)
    except RegistryError as error:
        messages.error(request, error.message)
    return _answer(request, site, "", link=link, tester=tester)


def _decide(request: HttpRequest, link: ShareLink, tester: AppTester | None) -> None:
    if "leave" not in request.POST:
        accept_share_link(token=link.token, user=cast(User, request.user))
        messages.success(request, f"{link.app.name} is on your glasses.")
    elif tester is not None:
        remove_tester(tester=tester)
        messages.success(request, f"{link.app.name} left your glasses.")


def _answer(
    request: HttpRequest,
    site: AdminSite,
    refusal: str,
    *,
    link: ShareLink | None = None,
    tester: AppTester | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {**site.each_context(request), "title": "Test an app", "refusal": refusal, "tester": tester}
    if link is not None:
        context |= {
            "app": link.app,
            "permissions": link.app.permissions.all(),
            "hardware": link.app.hardware_requirements.all(),
        }
    return TemplateResponse(request, "console/try.html", context, status=status)
