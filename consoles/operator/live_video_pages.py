"""Live video: the media server, who is live at it, the settings in force."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from asgiref.sync import async_to_sync
from django.conf import settings
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern

from consoles.operator.in_force import InForce
from consoles.operator.pages import route, show
from sessions_app.media_servers.looking import MOST_SHOWN, ServerView, ShownInput, look_at_server
from sessions_app.models import CameraStream, PhoneInput

MAY_SEE = "sessions_app.view_usersession"


@dataclass(frozen=True, slots=True)
class Row:
    """One input as the page shows it: `state` is a word, `whose` who uses it and for what."""

    facts: ShownInput
    state: str
    whose: str


def live_video_urls(site: AdminSite) -> list[URLPattern]:
    """Return the routes of the page and of its part that renews itself."""
    return [
        route(site, "live-video/", show_page, "live_video", MAY_SEE),
        route(site, "live-video/now/", show_now, "live_video_now", MAY_SEE),
    ]


def show_page(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Show everything."""
    template = "console/operator/live_video.html"
    return show(request, site, template, "Live video", in_force=settings_in_force(), **_facts())


def show_now(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Show the media server as it is now."""
    return TemplateResponse(request, "console/operator/live_video_now.html", _facts())


def settings_in_force() -> list[InForce]:
    """Return what is set for this process, with what it means; never a secret."""
    meaning = _MEANINGS.get(settings.MEDIA_SERVER, "Unknown.")
    chosen = [InForce("MEDIA_SERVER", settings.MEDIA_SERVER or "–", meaning)]
    if settings.MEDIA_SERVER == "local":
        chosen.append(InForce("MEDIA_SERVER_URL", settings.MEDIA_SERVER_URL, "Where nodes reach it."))
    return [
        *chosen,
        InForce(
            "MEDIA_INPUTS_PER_USER",
            str(settings.MEDIA_INPUTS_PER_USER),
            "So many places for live video the phones of one person may have, besides streams of apps.",
        ),
        InForce(
            "MEDIA_IDLE_MINUTES",
            f"{settings.MEDIA_IDLE_MINUTES:g}",
            "A place of a phone to which nobody pushed for so long is ended.",
        ),
    ]


_MEANINGS = {
    "": "Apps are told that there is no managed live video.",
    "local": "Our own media server takes live video in and plays it.",
    "cloudflare": "People's video goes to Cloudflare Stream.",
}


def _facts() -> dict[str, Any]:
    server: ServerView | None = async_to_sync(look_at_server)()
    rows = _rows(server.inputs) if server is not None else []
    return {"server": server, "rows": rows, "most_shown": MOST_SHOWN}


def _rows(inputs: Iterable[ShownInput]) -> list[Row]:
    ids = [one.input_id for one in inputs]
    of_phones = PhoneInput.objects.filter(input_id__in=ids).select_related("user")
    streams = CameraStream.objects.filter(input_id__in=ids, ended_at=None).select_related("session__user")
    whose = {one.input_id: f"{one.user.email}, by their phone" for one in of_phones}
    whose |= {one.input_id: f"{one.session.user.email}, for {one.owner}" for one in streams}
    return [Row(one, _word(one), whose.get(one.input_id, "nobody any more")) for one in inputs]


def _word(one: ShownInput) -> str:
    if one.state is None:
        return "unknown"
    if one.state.is_connected:
        return "live" if one.state.is_playable else "begins"
    return "waits" if one.state.disconnected_at is None else "ended"
