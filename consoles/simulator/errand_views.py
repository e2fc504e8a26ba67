"""Same-origin ways for the page to bring a photo and to get a sound, for requests open in one's own session only."""

import re
from typing import cast

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from consoles.simulator.errands import (
    LARGEST_PHOTO,
    ErrandFailed,
    bring_photo,
    get_sound,
    report_no_photo,
)
from sessions_app.errors import OwnerUnreachable
from sessions_app.media.destinations import find_destination
from sessions_app.media.forms import PhotoFile
from sessions_app.media.rules import HardwareKind
from sessions_app.outbound.commands import Destination

_PICTURE = re.compile(r"image/[\w.+-]+", re.ASCII)
_CODE = re.compile(r"[A-Z][A-Z_]{2,59}", re.ASCII)
_LONGEST_MESSAGE = 300


class _Refused(Exception):
    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def errand_urls(site: AdminSite) -> list[URLPattern]:
    """Return the routes, for whoever may enter `site`."""
    return [
        path("simulator/photo/", site.admin_view(deliver_photo), name="simulator_photo"),
        path("simulator/sound/", site.admin_view(fetch_sound), name="simulator_sound"),
    ]


@require_POST
@never_cache
def deliver_photo(request: HttpRequest) -> JsonResponse:
    """Post `photo`, or `errorCode` and `errorMessage`, to where `requestId` leads; `{"success", "message"}`.

    404 when no such photo request is open in the visitor's session, 502 when the app's server did not take it.
    """
    request_id = request.POST.get("requestId", "")
    try:
        destination = _destination(request, request_id, HardwareKind.PHOTO)
        code = request.POST.get("errorCode", "")
        if code:
            message = request.POST.get("errorMessage", "")[:_LONGEST_MESSAGE]
            report_no_photo(destination, request_id, _checked_code(code), message)
        else:
            bring_photo(destination, request_id, _read_photo(request))
    except (_Refused, ErrandFailed) as problem:
        return _refusal(problem)
    return JsonResponse({"success": True})


@require_GET
@never_cache
def fetch_sound(request: HttpRequest) -> HttpResponse:
    """Answer the sound that the open audio request `requestId` names; the same refusals as for photos."""
    try:
        sound = get_sound(_destination(request, request.GET.get("requestId", ""), HardwareKind.AUDIO))
    except (_Refused, ErrandFailed) as problem:
        return _refusal(problem)
    return HttpResponse(
        sound.data, content_type=sound.content_type, headers={"X-Content-Type-Options": "nosniff"}
    )


def _destination(request: HttpRequest, request_id: str, kind: HardwareKind) -> Destination:
    try:
        found = find_destination(cast(User, request.user).pk, request_id, kind)
    except OwnerUnreachable as problem:
        raise _Refused(503, "The session does not answer just now.") from problem
    if found is None:
        raise _Refused(404, "No such request is open in your session.")
    return found


def _read_photo(request: HttpRequest) -> PhotoFile:
    photo = request.FILES.get("photo")
    if photo is None or photo.size is None:
        raise _Refused(400, "There is no photo.")
    if photo.size > LARGEST_PHOTO:
        raise _Refused(413, f"The photo is larger than {LARGEST_PHOTO >> 20} MB.")
    content_type = photo.content_type or ""
    if not _PICTURE.fullmatch(content_type):
        raise _Refused(400, "What was sent is not a picture.")
    return PhotoFile(photo.read(), content_type)


def _checked_code(code: str) -> str:
    if not _CODE.fullmatch(code):
        raise _Refused(400, "There is no such error code.")
    return code


def _refusal(problem: _Refused | ErrandFailed) -> JsonResponse:
    status = problem.status if isinstance(problem, _Refused) else 502
    return JsonResponse({"success": False, "message": str(problem)}, status=status)
