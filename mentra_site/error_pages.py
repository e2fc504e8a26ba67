"""What is said when no view answers or a view crashes (rest §1): JSON for programs, a short page for people."""

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views import defaults

from accounts.api.refusals import not_found_body
from sessions_app.protocol.codec import iso

# Where programs call; everything else is read by people.
PROGRAM_PATHS = ("/api/", "/auth/", "/apps/", "/appsettings/", "/tpasettings/", "/.well-known/")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404."""
    if not request.path.startswith(PROGRAM_PATHS):
        return defaults.page_not_found(request, exception)
    return JsonResponse(not_found_body(request.path), status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 without a word of what went wrong inside: that is in the log."""
    if not request.path.startswith(PROGRAM_PATHS):
        return defaults.server_error(request)
    body = {
        "error": "Internal server error",
        "message": "Something went wrong here; the server's log has the details.",
        "timestamp": iso(datetime.now(UTC)),
    }
    return JsonResponse(body, status=500)
