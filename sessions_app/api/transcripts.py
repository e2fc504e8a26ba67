"""What was said in a session (rest §6): for the person whose session it is, and for an app that may hear them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound, PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.authentication import CoreAuthentication
from accounts.api.schema import refusals
from accounts.api.views import ApiView, asking_user
from accounts.models import User
from apps_registry.api.authentication import AppKeyIfShown
from apps_registry.models import ApiKey
from apps_registry.selectors import get_app_facts, is_installed
from sessions_app.models import TranscriptSegment
from sessions_app.protocol.codec import iso
from sessions_app.protocol.permissions import PermissionType
from sessions_app.protocol.session_ids import find_user_id
from sessions_app.protocol.streams import DEFAULT_LANGUAGE, BadStream, StreamName, parse_stream
from sessions_app.speech.transcripts.selectors import (
    MOST_SEGMENTS,
    Transcript,
    Window,
    find_run_in_live_session,
    read_own,
    read_run,
)
from sessions_app.streams.languages import recognizer_locale

FIRST_YEAR, LAST_YEAR = 1970, 9000
LONGEST_SECONDS = 366 * 24 * 3600
NO_SUCH_SESSION = "There is no such session."


class SegmentSerializer(serializers.Serializer[Any]):
    """The words of one utterance."""

    resultId = serializers.CharField()
    speakerId = serializers.CharField(required=False)
    text = serializers.CharField()
    timestamp = serializers.DateTimeField(help_text="When the utterance began.")
    isFinal = serializers.BooleanField(default=True)


class TranscriptSerializer(serializers.Serializer[Any]):
    """What was said, oldest first."""

    language = serializers.CharField()
    segments = SegmentSerializer(many=True)
    hasMore = serializers.BooleanField(
        help_text=f"There were more than {MOST_SEGMENTS}; ask again with an earlier endTime for those before."
    )


class TranscriptView(ApiView):
    """The words of one session."""

    authentication_classes = (AppKeyIfShown, CoreAuthentication)

    @extend_schema(
        parameters=[
            OpenApiParameter("language", str, description=f"What was spoken; {DEFAULT_LANGUAGE} by default."),
            OpenApiParameter("duration", float, description="The last so many seconds."),
            OpenApiParameter("startTime", str, description="From when, ISO 8601; instead of duration."),
            OpenApiParameter("endTime", str, description="Until when, ISO 8601; instead of duration."),
        ],
        responses={200: TranscriptSerializer, **refusals(400, 403, 404)},
    )
    def get(self, request: Request, app_session_id: str) -> Response:
        """Return what was said in a session, as far as it is kept.

        A person reads all of their own. An app, which may show its key in the headers `X-API-Key` and
        `X-Package-Name` as well, reads of its own session what was said since it was started, while that runs
        and the app has the microphone's permission.
        """
        language, window = _language_of(request), _window_of(request)
        if isinstance(request.auth, ApiKey):
            found = _read_for_app(request.auth, app_session_id, language, window)
        else:
            found = _read_for_user(asking_user(request), app_session_id, language, window)
        segments = [_segment(one) for one in found.segments]
        return Response({"language": language, "segments": segments, "hasMore": found.has_more})


def _read_for_user(user: User, app_session_id: str, language: str, window: Window) -> Transcript:
    named = app_session_id.lower()
    if named != user.email and not named.startswith(f"{user.email}-"):
        raise PermissionDenied("The session is somebody else's.")
    return read_own(user.pk, language, recognizer_locale(language), window)


def _read_for_app(key: ApiKey, app_session_id: str, language: str, window: Window) -> Transcript:
    package = key.app.package_name
    email = find_user_id(app_session_id, package)
    if email is None:
        raise PermissionDenied("The session is another app's.")
    if PermissionType.MICROPHONE not in get_app_facts(package).permissions:
        raise PermissionDenied("The app has not declared MICROPHONE.")
    run = find_run_in_live_session(email, package)
    if run is None or run.started_at is None or not is_installed(run.session.user_id, package):
        raise NotFound(NO_SUCH_SESSION)
    return read_run(run, language, recognizer_locale(language), window)


def _language_of(request: Request) -> str:
    language = request.query_params.get("language", DEFAULT_LANGUAGE)
    try:
        return parse_stream(f"{StreamName.TRANSCRIPTION}:{language}").language or DEFAULT_LANGUAGE
    except BadStream as problem:
        raise ValidationError({"language": "This is no language; send one such as en-US or en."}) from problem


def _window_of(request: Request) -> Window:
    asked = request.query_params
    if "duration" not in asked:
        window = Window(_moment(request, "startTime"), _moment(request, "endTime"))
        if window.begin is not None and window.end is not None and window.begin > window.end:
            raise ValidationError({"endTime": "It lies before startTime."})
        return window
    if "startTime" in asked or "endTime" in asked:
        raise ValidationError({"duration": "Send either duration or startTime and endTime."})
    return Window(begin=timezone.now() - timedelta(seconds=_seconds(asked["duration"])))


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= LONGEST_SECONDS:
        raise ValidationError({"duration": f"Send seconds, more than 0 and at most {LONGEST_SECONDS}."})
    return seconds


def _moment(request: Request, name: str) -> datetime | None:
    text = request.query_params.get(name)
    if text is None:
        return None
    try:
        # A plus sign that was not encoded arrives as a space.
        moment = parse_datetime(text.replace(" ", "+") if "T" in text else text)
    except (ValueError, OverflowError):
        moment = None
    if moment is None or not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValidationError({name: "Send a time such as 2026-01-02T03:04:05Z."})
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _segment(row: TranscriptSegment) -> dict[str, Any]:
    speaker = {"speakerId": row.speaker} if row.speaker else {}
    return {
        "resultId": row.utterance,
        **speaker,
        "text": row.text,
        "timestamp": iso(row.started_at),
        "isFinal": True,
    }
