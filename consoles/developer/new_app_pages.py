"""Registering an app: the form, what it asks the cloud while one types, and the key that is shown once."""

from typing import cast

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_GET, require_POST

from accounts.errors import TooManyRequests
from accounts.models import User
from accounts.rules import Right
from accounts.selectors import organizations_of
from apps_registry.errors import RegistryError
from apps_registry.examples import find_example, list_examples
from apps_registry.rules import validate_package_name
from apps_registry.selectors import find_app, suggest_free_package_name
from apps_registry.services import register_with_key
from consoles.developer.example_commands import how_to_run
from consoles.developer.new_app_form import NewAppForm
from consoles.developer.scope import may
from consoles.developer.url_check import UrlReport, check_url


def new_app_urls(site: AdminSite) -> list[URLPattern]:
    """Return the routes of the form and of what it asks meanwhile."""

    def page(request: HttpRequest) -> HttpResponse:
        if not may(request, Right.DEVELOP):
            raise PermissionDenied
        example = find_example(request.POST.get("example") or request.GET.get("example", ""))
        form = NewAppForm(cast(User, request.user), request.POST or None, example=example)
        if request.method == "POST" and form.is_valid():
            answer = _register(request, site, form)
            if answer is not None:
                return answer
        context = {
            **site.each_context(request),
            "title": "New app",
            "form": form,
            "examples": list_examples(),
        }
        return TemplateResponse(request, "console/new_app.html", context)

    return [
        path("apps/new/", site.admin_view(page), name="app_new"),
        path("apps/new/package/", site.admin_view(require_GET(_package)), name="app_new_package"),
        path("apps/new/check/", site.admin_view(require_POST(_check)), name="app_new_check"),
    ]


def _register(request: HttpRequest, site: AdminSite, form: NewAppForm) -> HttpResponse | None:
    """Register the app and show its key, or put the refusal beside its field and return None."""
    try:
        app, plain_key = register_with_key(by=cast(User, request.user), **form.details())
    except RegistryError as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return None
    except TooManyRequests as error:
        form.add_error(None, error.message)
        return None
    context = {
        **site.each_context(request),
        "title": f"{app.name} is registered",
        "app": app,
        "secret": plain_key,
        "example": form.example,
        "command": form.example and how_to_run(form.example, app, plain_key),
    }
    answer = TemplateResponse(request, "console/app_registered.html", context)
    add_never_cache_headers(answer)
    return answer


def _package(request: HttpRequest) -> HttpResponse:
    """Answer `{"suggestion", "wanted", "isFree", "problem"}` for `?name=`, `?package_name=` and `?organization=`."""
    user = cast(User, request.user)
    wanted = request.GET.get("package_name", "").strip()
    chosen = request.GET.get("organization", "")
    homes = organizations_of(user, Right.DEVELOP)
    home = homes.filter(pk=chosen).first() if chosen.isdecimal() else None
    suggestion = suggest_free_package_name(user, request.GET.get("name", ""), home)
    answer = {"suggestion": suggestion, "wanted": wanted, "isFree": False, "problem": ""}
    try:
        answer["isFree"] = bool(wanted) and find_app(validate_package_name(wanted)) is None
    except RegistryError as error:
        answer["problem"] = error.message
    return JsonResponse(answer)


def _check(request: HttpRequest) -> HttpResponse:
    try:
        report = check_url(request.POST.get("public_url", ""))
    except TooManyRequests as error:
        report = UrlReport("doubtful", error.message)
    return TemplateResponse(request, "console/url_report.html", {"report": report})
