"""An app as a file: exported, and imported after a look at what it would change."""

import json
from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path

from accounts.rules import Right
from apps_registry.errors import ConfigRefused, EditConflict
from apps_registry.models import App
from apps_registry.services import exported_config, import_config, preview_config
from consoles.developer.app_page import own_app, show_app_page
from consoles.developer.scope import may

MOST_BYTES = 1024 * 1024
FILE_NAME = "app_config.json"


class UnreadableFile(ValueError):
    """What was sent is no JSON; the text says why."""


def config_urls(site: AdminSite) -> list[URLPattern]:
    """Return the routes of the page and of the file."""

    def page(request: HttpRequest, app_pk: int) -> HttpResponse:
        if request.method == "POST":
            return _import(request, site, own_app(request, app_pk, Right.DEVELOP))
        return _show(request, site, own_app(request, app_pk))

    def export(request: HttpRequest, app_pk: int) -> HttpResponse:
        answer = JsonResponse(
            exported_config(own_app(request, app_pk)), json_dumps_params={"indent": 2, "ensure_ascii": False}
        )
        answer.headers["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
        return answer

    return [
        path("apps/<int:app_pk>/config/", site.admin_view(page), name="app_config"),
        path(f"apps/<int:app_pk>/config/{FILE_NAME}", site.admin_view(export), name="app_config_file"),
    ]


def _show(request: HttpRequest, site: AdminSite, app: App, **facts: Any) -> HttpResponse:
    return show_app_page(
        request,
        site,
        app,
        "console/app_config.html",
        title="config file",
        may_develop=may(request, Right.DEVELOP, app.organization_id),
        **{"text": "", "version": app.version, **facts},
    )


def _import(request: HttpRequest, site: AdminSite, app: App) -> HttpResponse:
    """Show what the file would change; with `apply`, of the same text and version, change it."""
    text = _sent_text(request)
    try:
        config = _read(text)
    except UnreadableFile as error:
        return _show(request, site, app, text=text, refusal=str(error))
    refusal = ""
    if "apply" in request.POST:
        try:
            import_config(app=app, config=config, expected_version=_seen_version(request))
        except EditConflict as conflict:
            refusal = f"{conflict.message} Look at the comparison again before you import."
        except ConfigRefused:
            pass  # The preview below lists every problem.
        else:
            messages.success(request, f"The file was imported. {app.name} is at version {app.version} now.")
            return redirect("console:app", app.pk)
    return _show(request, site, app, text=text, refusal=refusal, preview=preview_config(app, config))


def _sent_text(request: HttpRequest) -> str:
    file = request.FILES.get("file")
    if file is None:
        return request.POST.get("text", "")[:MOST_BYTES]
    return str(file.read(MOST_BYTES + 1), "utf-8-sig", "replace")


def _read(text: str) -> object:
    if len(text) > MOST_BYTES:
        raise UnreadableFile("The file is larger than 1 MB.")
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise UnreadableFile(f"This is no JSON: {error.msg} in line {error.lineno}.") from error
    except (ValueError, RecursionError) as error:
        raise UnreadableFile("This is no JSON that can be read.") from error


def _seen_version(request: HttpRequest) -> int | None:
    seen = request.POST.get("expected_version", "")
    return int(seen) if seen.isdecimal() else None
