"""The row of links between the pages of one app."""

import json
from typing import Any

from django import template
from django.http import HttpRequest
from django.urls import reverse

from accounts.rules import Right
from apps_registry.models import App
from consoles.developer.scope import may

register = template.Library()


@register.filter
def as_json(value: object) -> str:
    """Return data as the JSON it came as, on one line."""
    return json.dumps(value, ensure_ascii=False)


@register.inclusion_tag("console/app_tab.html", takes_context=True)
def app_tab(
    context: dict[str, Any], title: str, page: str, right: str = Right.VIEW, inner: bool = True
) -> dict[str, Any]:
    """Link to `page`, a URL name of the console that takes the app's id; marked on it and on pages below it.

    Who lacks `right` in the app's organization gets no link. `inner=False` marks the page itself only.
    """
    request: HttpRequest = context["request"]
    app: App = context["app"]
    if not may(request, Right(right), app.organization_id):
        return {}
    url = reverse(f"console:{page}", args=[app.pk])
    is_current = request.path.startswith(url) if inner else request.path == url
    return {"title": title, "url": url, "is_current": is_current}
