"""What people reported, for operators (rest §9)."""

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.schema import refusals, wrapped
from consoles.api.admin_apps import OperatorView
from sessions_app.incidents.attachments import StoredPicture, open_attachment
from sessions_app.incidents.selectors import find_report, lines_of
from sessions_app.models import Incident

DEFAULT_LIMIT, MOST_LIMIT = 50, 500
LAST_PAGE = 100_000
MOST_DIGITS = 4
UNKNOWN = "There is no such report."


class ListQuerySerializer(serializers.Serializer[Any]):
    """Which part of the list."""

    limit = serializers.IntegerField(default=DEFAULT_LIMIT, min_value=1, max_value=MOST_LIMIT)
    page = serializers.IntegerField(default=1, min_value=1, max_value=LAST_PAGE)
    kind = serializers.ChoiceField(choices=Incident.Kind.values, required=False)


class ReportSummarySerializer(serializers.Serializer[Any]):
    """A report in the list."""

    incidentId = serializers.UUIDField(source="pk")
    kind = serializers.CharField()
    userId = serializers.CharField(source="user.email", default=None, allow_null=True)
    summary = serializers.CharField()
    createdAt = serializers.DateTimeField(source="created_at")
    collectedAt = serializers.DateTimeField(source="collected_at", allow_null=True)
    closedAt = serializers.DateTimeField(source="closed_at", allow_null=True)
    sessionId = serializers.CharField(source="session_id")


class ReportsSerializer(serializers.Serializer[Any]):
    """A part of the list, newest first."""

    incidents = ReportSummarySerializer(many=True)
    page = serializers.IntegerField()
    limit = serializers.IntegerField()
    hasMore = serializers.BooleanField()


class ReportAttachmentSerializer(serializers.Serializer[Any]):
    """A picture; `id` is its number."""

    id = serializers.IntegerField(source="number")
    filename = serializers.CharField()
    contentType = serializers.CharField(source="content_type")
    size = serializers.IntegerField()


class ReportDetailsSerializer(ReportSummarySerializer):
    """A report with what the phone sent; secrets are masked."""

    feedback = serializers.JSONField(source="said")
    phoneState = serializers.JSONField(source="phone_state")
    attachments = ReportAttachmentSerializer(many=True)


class LogLinesSerializer(serializers.Serializer[Any]):
    """The log of a report: lines of all sources in one order, the newest 2,000."""

    incidentId = serializers.UUIDField()
    lines = serializers.ListField(
        child=serializers.DictField(), help_text="`{at, level, message, from, source?, data?}`"
    )
    leftOut = serializers.IntegerField()


class ReportsView(OperatorView):
    """Reports."""

    @extend_schema(
        parameters=[ListQuerySerializer], responses={200: wrapped(ReportsSerializer), **refusals(400, 403)}
    )
    def get(self, request: Request) -> Response:
        """List what people reported, newest first."""
        query = ListQuerySerializer(data=request.query_params)
        query.is_valid(raise_exception=True)
        asked = query.validated_data
        rows = Incident.objects.select_related("user")
        if "kind" in asked:
            rows = rows.filter(kind=asked["kind"])
        begin = (asked["page"] - 1) * asked["limit"]
        found = list(rows[begin : begin + asked["limit"] + 1])
        data = {
            "incidents": found[: asked["limit"]],
            "page": asked["page"],
            "limit": asked["limit"],
            "hasMore": len(found) > asked["limit"],
        }
        return Response({"success": True, "data": ReportsSerializer(data).data})


class ReportView(OperatorView):
    """A report."""

    @extend_schema(responses={200: wrapped(ReportDetailsSerializer), **refusals(403, 404)})
    def get(self, request: Request, incident_id: str) -> Response:
        """Describe a report."""
        data = ReportDetailsSerializer(_found(incident_id)).data
        return Response({"success": True, "data": data})


class ReportLogsView(OperatorView):
    """Its log."""

    @extend_schema(responses={200: wrapped(LogLinesSerializer), **refusals(403, 404)})
    def get(self, request: Request, incident_id: str) -> Response:
        """Return the log of a report: of the phone, of apps and of this cloud."""
        incident = _found(incident_id)
        page = lines_of(incident)
        data = {"incidentId": str(incident.pk), "lines": page.lines, "leftOut": page.left_out}
        return Response({"success": True, "data": data})


class ReportPictureView(OperatorView):
    """A picture of it."""

    @extend_schema(
        parameters=[OpenApiParameter("number", OpenApiTypes.STR, OpenApiParameter.PATH)],
        responses={(200, "image/*"): OpenApiTypes.BINARY, **refusals(403, 404)},
    )
    def get(self, request: Request, incident_id: str, number: str) -> HttpResponseBase:
        """Return a picture of a report."""
        incident = _found(incident_id)
        is_number = number.isascii() and number.isdigit() and len(number) <= MOST_DIGITS
        stored = open_attachment(incident, int(number)) if is_number else None
        if stored is None:
            raise NotFound(UNKNOWN)
        return show_picture(stored)


def show_picture(stored: StoredPicture) -> HttpResponse:
    """Answer with a picture that people brought; it is never anything else, and nobody keeps it."""
    answer = HttpResponse(stored.data, content_type=stored.content_type)
    answer["Cache-Control"] = "no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Content-Disposition"] = "inline"
    return answer


def _found(incident_id: str) -> Incident:
    incident = find_report(incident_id)
    if incident is None:
        raise NotFound(UNKNOWN)
    return incident
