"""Editors of what an app declares: each shows one JSON document, checks it and saves it as a whole."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from accounts.rules import Right
from apps_registry.errors import EditConflict, EntryError, RegistryError
from apps_registry.models import App
from apps_registry.services import AppChanges, update_app
from consoles.developer.app_page import own_app, show_app_page
from consoles.developer.json_bodies import BadBody, read_json_object
from consoles.developer.scope import may


@dataclass(frozen=True, slots=True)
class Editor:
    """One page of an app: `page` is its name in addresses, `read` and `changes` lead from app to document and back.

    `find_problems` tells everything wrong with a document; `facts` is what the page shows beside it.
    """

    page: str
    title: str
    read: Callable[[App], Any]
    changes: Callable[[Any], AppChanges]
    find_problems: Callable[[Any], Iterable[RegistryError]]
    facts: Callable[[App], dict[str, Any]]


def editor_urls(site: AdminSite, editor: Editor) -> list[URLPattern]:
    """Return the routes of the page and of the requests its script makes."""

    def page(request: HttpRequest, app_pk: int) -> HttpResponse:
        if request.method == "POST":
            return _save(request, own_app(request, app_pk, Right.DEVELOP), editor)
        return _show(request, own_app(request, app_pk), editor, site)

    @require_POST
    def check(request: HttpRequest, app_pk: int) -> HttpResponse:
        own_app(request, app_pk, Right.DEVELOP)
        return _check(request, editor)

    address, name = f"apps/<int:app_pk>/{editor.page}/", f"app_{editor.page}"
    return [
        path(address, site.admin_view(page), name=name),
        path(f"{address}check/", site.admin_view(check), name=f"{name}_check"),
    ]


def _show(request: HttpRequest, app: App, editor: Editor, site: AdminSite) -> HttpResponse:
    editable = may(request, Right.DEVELOP, app.organization_id)
    facts = {
        "app": {"name": app.name, "packageName": app.package_name, "publicUrl": app.public_url},
        "version": app.version,
        "document": editor.read(app),
        "editable": editable,
        **editor.facts(app),
    }
    template = f"console/app_{editor.page}.html"
    return show_app_page(
        request, site, app, template, title=editor.title.lower(), editable=editable, facts=facts
    )


def _check(request: HttpRequest, editor: Editor) -> JsonResponse:
    try:
        document = read_json_object(request).get("document")
    except BadBody as error:
        return JsonResponse({"message": str(error)}, status=400)
    return JsonResponse({"problems": [_told(problem) for problem in editor.find_problems(document)]})


def _save(request: HttpRequest, app: App, editor: Editor) -> JsonResponse:
    try:
        body = read_json_object(request)
    except BadBody as error:
        return JsonResponse({"message": str(error)}, status=400)
    version, document = body.get("version"), body.get("document")
    if not isinstance(version, int):
        return JsonResponse({"message": "The version the change began with is missing."}, status=400)
    try:
        app = update_app(app=app, expected_version=version, **editor.changes(document))
    except EditConflict as conflict:
        return _tell_conflict(app, editor, conflict)
    except RegistryError as refusal:
        problems = list(editor.find_problems(document)) or [refusal]
        return JsonResponse({"problems": [_told(problem) for problem in problems]}, status=400)
    return JsonResponse({"version": app.version, "document": editor.read(app)})


def _tell_conflict(app: App, editor: Editor, conflict: EditConflict) -> JsonResponse:
    app.refresh_from_db()
    told = [
        f"{edit.who} changed {edit.fields}, {edit.at:%Y-%m-%d %H:%M} UTC (version {edit.number})"
        for edit in conflict.edits
    ]
    facts = {"conflict": told, "version": app.version, "document": editor.read(app)}
    return JsonResponse(facts, status=409)


def _told(problem: RegistryError) -> dict[str, Any]:
    place = list(problem.place) if isinstance(problem, EntryError) else []
    detail = problem.detail if isinstance(problem, EntryError) else problem.message
    return {"place": place, "message": problem.message, "detail": detail}
