"""What the operators' own pages share: who may see them, how they are shown."""

from collections.abc import Callable
from typing import Any

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

View = Callable[..., HttpResponse]


def require(request: HttpRequest, permission: str) -> None:
    """Raise PermissionDenied unless the operator has a permission such as `apps_registry.change_app`."""
    if not request.user.has_perm(permission):
        raise PermissionDenied


def show(request: HttpRequest, site: AdminSite, template: str, title: str, **facts: Any) -> TemplateResponse:
    """Show a page of the site that stands for no table."""
    context = {**site.each_context(request), "title": title, **facts}
    return TemplateResponse(request, template, context)


class WithFacts:
    """Mixed into a model's pages whose form shows more below it: `facts_of` a row."""

    def facts_of(self, row: Any) -> dict[str, Any]:
        """Return what the template below the form shows."""
        raise NotImplementedError

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the form with its facts; that of a new row has none."""
        row = self.get_object(request, object_id) if object_id else None  # type: ignore[attr-defined]
        facts = {} if row is None else self.facts_of(row)
        context = {**(extra_context or {}), **facts}
        answer: HttpResponse = super().changeform_view(request, object_id, form_url, context)  # type: ignore[misc]
        return answer


def route(site: AdminSite, address: str, view: View, name: str, permission: str) -> URLPattern:
    """Return the route of a page for operators of `site` who have a permission; the view gets the site first."""

    def guarded(request: HttpRequest, **named: Any) -> HttpResponse:
        require(request, permission)
        return view(site, request, **named)

    return path(address, site.admin_view(guarded), name=name)
