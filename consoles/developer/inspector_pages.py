"""The inspector of an app: webhooks and messages of one's own sessions as they come, each to be opened."""

import re
from dataclasses import asdict
from typing import Any, cast
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from accounts.errors import AccountError
from accounts.models import User
from accounts.rules import Right
from apps_registry.models import App
from consoles.developer.app_page import own_app, show_app_page
from consoles.developer.deeds import ask, attempt
from consoles.developer.inspector_rows import details_of, line_of, milliseconds
from consoles.developer.scope import may
from sessions_app.app_runs.again import find_reason_against, send_again
from sessions_app.errors import RuntimeFault
from sessions_app.inspection.consent import set_recording
from sessions_app.inspection.reading import storable
from sessions_app.inspection.timeline import PAGE, Filter, Row, Timeline, place_of, read_place, sessions_of
from sessions_app.models import SocketMessage, UnrecordedSession, WebhookCall

MOST_TEXT = 200
_AFTER = re.compile(r"(\d{1,18})\.(\d{1,18})")
_SWITCHES = ("problems_only", "with_sound", "everybody")
_WORDS = ("show", "type", "direction", "session_id", "text")


def inspector_urls(site: AdminSite) -> list[URLPattern]:
    """Return the routes of the page and of the parts it loads."""

    def page(request: HttpRequest, app_pk: int) -> HttpResponse:
        return _show(request, site, own_app(request, app_pk))

    def recording(request: HttpRequest, app_pk: int) -> HttpResponse:
        return _change_recording(request, site, own_app(request, app_pk))

    base = "apps/<int:app_pk>/inspector/"
    return [
        path(base, site.admin_view(page), name="app_inspector"),
        path(f"{base}older/", site.admin_view(_older), name="inspector_older"),
        path(f"{base}news/", site.admin_view(_news), name="inspector_news"),
        path(f"{base}webhooks/<int:pk>/", site.admin_view(_open_call), name="inspector_call"),
        path(f"{base}messages/<int:pk>/", site.admin_view(_open_message), name="inspector_message"),
        path(
            f"{base}webhooks/<int:pk>/again/", site.admin_view(require_POST(_again)), name="inspector_again"
        ),
        path(f"{base}recording/", site.admin_view(require_POST(recording)), name="inspector_recording"),
    ]


def _show(request: HttpRequest, site: AdminSite, app: App) -> HttpResponse:
    user, wanted = cast(User, request.user), _read_filter(request)
    line = Timeline(app.pk, user.pk, wanted)
    # Taken before the rows: what comes in between is in both, and the page leaves out what it has.
    calls_after, messages_after = line.newest_ids()
    return show_app_page(
        request,
        site,
        app,
        "console/inspector.html",
        title="inspector",
        wanted=wanted,
        is_filtered=wanted != Filter(),
        types=line.types(),
        runs=sessions_of(app.package_name, user.pk),
        after=f"{calls_after}.{messages_after}",
        is_recorded=not UnrecordedSession.objects.filter(app=app, user=user).exists(),
        kept_hours=settings.INSPECTOR_HOURS,
        kept_messages=settings.INSPECTOR_MESSAGES,
        **_page_of(app, line.page(), wanted),
    )


def _older(request: HttpRequest, app_pk: int) -> HttpResponse:
    app, wanted = own_app(request, app_pk), _read_filter(request)
    line = Timeline(app.pk, cast(User, request.user).pk, wanted)
    rows = line.page(read_place(request.GET.get("before", "")))
    facts = {"app": app, **_page_of(app, rows, wanted)}
    return TemplateResponse(request, "console/inspector_lines.html", facts)


def _news(request: HttpRequest, app_pk: int) -> HttpResponse:
    app, wanted = own_app(request, app_pk), _read_filter(request)
    found = _AFTER.fullmatch(request.GET.get("after", ""))
    calls_after, messages_after = (int(found[1]), int(found[2])) if found else (0, 0)
    rows = Timeline(app.pk, cast(User, request.user).pk, wanted).news(calls_after, messages_after)
    calls = [row.pk for row in rows if isinstance(row, WebhookCall)]
    messages = [row.pk for row in rows if isinstance(row, SocketMessage)]
    after = f"{max(calls, default=calls_after)}.{max(messages, default=messages_after)}"
    facts = {"app": app, "lines": [line_of(row) for row in rows], "query": _query_of(wanted), "after": after}
    return TemplateResponse(request, "console/inspector_news.html", facts)


def _open_call(request: HttpRequest, app_pk: int, pk: int) -> HttpResponse:
    app, user = own_app(request, app_pk), cast(User, request.user)
    call = Timeline(app.pk, user.pk).find_call(pk)
    if call is None:
        raise Http404
    facts: dict[str, Any] = {"app": app, "line": line_of(call), "row": call, **details_of(call)}
    if call.user_id == user.pk and may(request, Right.DEVELOP, app.organization_id):
        facts |= {"may_repeat": True, "reason_against": find_reason_against(call)}
    return TemplateResponse(request, "console/inspector_call.html", facts)


def _open_message(request: HttpRequest, app_pk: int, pk: int) -> HttpResponse:
    app, user = own_app(request, app_pk), cast(User, request.user)
    message = Timeline(app.pk, user.pk).find_message(pk)
    if message is None:
        raise Http404
    facts = {"app": app, "line": line_of(message), "row": message, **details_of(message)}
    return TemplateResponse(request, "console/inspector_message.html", facts)


def _again(request: HttpRequest, app_pk: int, pk: int) -> HttpResponse:
    """Send a webhook again and say in one line how that went; the page then looks for news at once."""
    app, user = own_app(request, app_pk, Right.DEVELOP), cast(User, request.user)
    call = Timeline(app.pk, user.pk).find_call(pk)
    if call is None or call.user_id != user.pk:
        raise Http404
    try:
        sent = send_again(call=call, by=user)
    except (AccountError, RuntimeFault) as refusal:
        told, is_problem = str(refusal), True
    else:
        outcome = f"HTTP {sent.status}" if sent.status else sent.detail or sent.problem
        told, is_problem = f"Sent: {outcome}, {milliseconds(sent.total_ms)}.", bool(sent.problem)
    facts = {"told": told, "is_problem": is_problem}
    return TemplateResponse(
        request, "console/inspector_sent.html", facts, headers={"HX-Trigger": "inspector-news"}
    )


def _change_recording(request: HttpRequest, site: AdminSite, app: App) -> HttpResponse:
    user, is_recorded = cast(User, request.user), request.POST.get("record") == "on"
    back = reverse("console:app_inspector", args=[app.pk])
    if not is_recorded and "sure" not in request.POST:
        return ask(
            request,
            site,
            "Stop recording your sessions?",
            text=f"What is kept of your own sessions with {app.name} is deleted at once.",
            button="Stop and delete",
            back=back,
            hidden={"record": "off", "sure": "yes"},
        )
    done = (
        "Your sessions are recorded from now on."
        if is_recorded
        else "Your sessions are not recorded any more."
    )
    attempt(request, lambda: set_recording(user=user, app=app, is_recorded=is_recorded), done)
    return redirect(back)


def _page_of(app: App, rows: list[Row], wanted: Filter) -> dict[str, Any]:
    query = _query_of(wanted)
    older = ""
    if len(rows) > PAGE:
        place = urlencode({"before": str(place_of(rows[PAGE - 1]))})
        older = f"{reverse('console:inspector_older', args=[app.pk])}?{query}&{place}"
    return {"lines": [line_of(row) for row in rows[:PAGE]], "query": query, "older": older}


def _read_filter(request: HttpRequest) -> Filter:
    chosen: dict[str, Any] = {name: name in request.GET for name in _SWITCHES}
    for name in _WORDS:
        chosen[name] = storable(request.GET.get(name, ""))[:MOST_TEXT].strip()
    return Filter(**chosen)


def _query_of(wanted: Filter) -> str:
    chosen = {name: value for name, value in asdict(wanted).items() if value}
    return urlencode({name: "on" if value is True else value for name, value in chosen.items()})
