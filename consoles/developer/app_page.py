"""What every page of one app begins with: the app, if it is the visitor's, and the frame round the page.

    def page(request: HttpRequest, app_pk: int) -> HttpResponse:
        app = own_app(request, app_pk, Right.DEVELOP)
        return show_app_page(request, site, app, "console/tools.html", title="tools", tools=app.tools)

The template extends `console/app_page.html` and fills its block `page`.
"""

from typing import Any, cast

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse

from accounts.models import User
from accounts.rules import Right
from apps_registry.models import App
from apps_registry.selectors import apps_of


def own_app(request: HttpRequest, app_pk: int, right: Right = Right.VIEW) -> App:
    """Return the app if the visitor has `right` in its organization; raise Http404."""
    return get_object_or_404(
        apps_of(cast(User, request.user), right).select_related("organization"), pk=app_pk
    )


def show_app_page(
    request: HttpRequest, site: AdminSite, app: App, template: str, *, title: str, **facts: Any
) -> TemplateResponse:
    """Answer with a page of `app`; `facts` are what its template shows besides."""
    context = {**site.each_context(request), "title": f"{app.name}, {title}", "app": app, **facts}
    return TemplateResponse(request, template, context)
