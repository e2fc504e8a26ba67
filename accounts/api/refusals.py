"""How a refusal is worded (rest §1): one answer for each kind of error, whichever room raised it."""

import math
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404
from rest_framework import status
from rest_framework.exceptions import APIException
from rest_framework.response import Response

from accounts.api.authentication import TokenRefused

Wording = Callable[[str], dict[str, Any]]

_OF_DJANGO: Mapping[type[Exception], tuple[int, str]] = {
    Http404: (status.HTTP_404_NOT_FOUND, "Not found"),
    PermissionDenied: (status.HTTP_403_FORBIDDEN, "You may not do this."),
    RequestDataTooBig: (status.HTTP_413_REQUEST_ENTITY_TOO_LARGE, "The body is too large."),
    SuspiciousOperation: (status.HTTP_400_BAD_REQUEST, "The request cannot be read."),
}


def plain_error(text: str) -> dict[str, Any]:
    """Word a refusal as the console's clients know it (rest §10)."""
    return {"error": text}


def without_success(text: str) -> dict[str, Any]:
    """Word a refusal as the store's clients know it (rest §4 and §5)."""
    return {"success": False, "message": text}


def flagged_error(text: str) -> dict[str, Any]:
    """Word a refusal as those know it who call tools of apps (rest §4.2)."""
    return {"error": True, "message": text}


def unsuccessful(text: str) -> dict[str, Any]:
    """Word a refusal as those know it who ask about the pages of apps (rest §3)."""
    return {"success": False, "error": text}


def answer_refusal(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Return the answer to an error a view let through; None for a defect of ours, which becomes a 500.

    The view's `wording` says how the text is wrapped. Statuses of the rooms' own errors are in REST_ERRORS.
    """
    if isinstance(error, TokenRefused):
        body = {"error": error.error, "message": error.message}
        return Response(body, error.status_code, headers=_headers(error))
    read = _read(error)
    if read is None:
        return None
    code, text = read
    wording: Wording = getattr(context.get("view"), "wording", plain_error)
    return Response(wording(text), code, headers=_headers(error))


def status_of(kind: type[Exception]) -> int | None:
    """Return the status of a room's own error: that of the nearest class REST_ERRORS names."""
    names = (f"{base.__module__}.{base.__qualname__}" for base in kind.__mro__)
    return next((settings.REST_ERRORS[name] for name in names if name in settings.REST_ERRORS), None)


def not_found_body(path: str) -> dict[str, Any]:
    """Return what is said of an address at which nothing is."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {"error": "Not found", "path": path, "timestamp": now}


def _read(error: Exception) -> tuple[int, str] | None:
    code = status_of(type(error))
    if code is not None:
        return code, str(getattr(error, "message", error))
    if isinstance(error, APIException):
        return error.status_code, _sentence(error.detail)
    return next((answer for kind, answer in _OF_DJANGO.items() if isinstance(error, kind)), None)


def _sentence(detail: Any, field: str = "") -> str:
    """Return the first of the errors of a body as `field: sentence`; parts of a field are joined by dots."""
    if isinstance(detail, Mapping):
        name, inner = next(iter(detail.items()))
        return _sentence(inner, field if name == "non_field_errors" else f"{field}.{name}".strip("."))
    if isinstance(detail, list) and detail:
        return _sentence(next((part for part in detail if part), detail[0]), field)
    return f"{field}: {detail}" if field else str(detail)


def _headers(error: Exception) -> dict[str, str]:
    headers = {}
    challenge = getattr(error, "auth_header", None)
    if challenge:
        headers["WWW-Authenticate"] = challenge
    wait = getattr(error, "retry_after_seconds", getattr(error, "wait", None))
    if wait is not None:
        headers["Retry-After"] = str(max(1, math.ceil(wait)))
    return headers
