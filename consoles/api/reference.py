"""The description of the API and the page on which people read it."""

from functools import cache

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer


@require_safe
def show_description(request: HttpRequest) -> HttpResponse:
    """Answer the OpenAPI description as JSON."""
    return HttpResponse(_description(), content_type="application/json")


@cache
def _description() -> bytes:
    """Return the description; it is the same for everybody and takes a while to put together."""
    schema = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    rendered: bytes = OpenApiJsonRenderer().render(schema, renderer_context={})
    return rendered


reference_urls: list[URLPattern] = [
    path("schema/", show_description, name="schema"),
    path("reference/", TemplateView.as_view(template_name="console/reference.html"), name="reference"),
]
