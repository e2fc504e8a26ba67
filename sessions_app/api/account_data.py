"""A copy of one's data, and the end of one's account (rest §8)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound, PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.own_account import AccountView
from accounts.api.schema import refusals
from accounts.api.views import asking_user, read_body
from accounts.models import DataExport
from accounts.rules.own_data import MAX_REASON_CHARACTERS, ExportFormat, ExportStatus
from accounts.services import confirm_deletion, request_deletion, request_export
from sessions_app.people.exporting import content_of

_TYPES = {ExportFormat.JSON: "application/json", ExportFormat.CSV: "text/csv; charset=utf-8"}


class ReasonSerializer(serializers.Serializer[Any]):
    """Why somebody goes, if they like to say it."""

    reason = serializers.CharField(
        required=False, allow_blank=True, allow_null=True, max_length=MAX_REASON_CHARACTERS
    )


class DeletionSerializer(serializers.Serializer[Any]):
    """A deletion that waits for its code."""

    requestId = serializers.CharField()
    message = serializers.CharField()


class ConfirmationSerializer(serializers.Serializer[Any]):
    """The code of the mail."""

    requestId = serializers.CharField(max_length=100)
    confirmationCode = serializers.CharField(max_length=50)


class GoodByeSerializer(serializers.Serializer[Any]):
    """It is under way."""

    message = serializers.CharField()


class ExportWishSerializer(serializers.Serializer[Any]):
    """As what to get one's data."""

    format = serializers.ChoiceField(
        choices=[kind.value for kind in ExportFormat], default=ExportFormat.JSON.value
    )


class ExportMadeSerializer(serializers.Serializer[Any]):
    """A copy that will be made."""

    id = serializers.CharField()
    status = serializers.CharField()
    message = serializers.CharField()


class ExportSerializer(serializers.Serializer[Any]):
    """How far a copy is; `downloadUrl` needs your token."""

    id = serializers.CharField()
    status = serializers.ChoiceField(choices=[status.value for status in ExportStatus])
    format = serializers.CharField()
    createdAt = serializers.DateTimeField()
    completedAt = serializers.DateTimeField(required=False)
    downloadUrl = serializers.CharField(required=False)


class RequestDeletionView(AccountView):
    """Wanting to leave."""

    @extend_schema(
        request=ReasonSerializer, responses={200: DeletionSerializer, **refusals(400, 409, 429, 502)}
    )
    def post(self, request: Request) -> Response:
        """Ask for the deletion of your account: a code is mailed to you, good for 24 hours."""
        said = read_body(ReasonSerializer, request)
        made = request_deletion(user=asking_user(request), reason=said.get("reason") or "")
        return Response(
            {
                "requestId": str(made.pk),
                "message": "A code was mailed to you. Enter it to delete your account.",
            }
        )


class ConfirmDeletionView(AccountView):
    """Leaving."""

    @extend_schema(
        request=ConfirmationSerializer, responses={200: GoodByeSerializer, **refusals(400, 403, 404, 409)}
    )
    def delete(self, request: Request) -> Response:
        """Delete your account with the code of the mail. It ends at once; all that is kept of you follows."""
        said = read_body(ConfirmationSerializer, request)
        confirm_deletion(
            user=asking_user(request), request_id=_uuid(said["requestId"]), code=said["confirmationCode"]
        )
        return Response(
            {"message": "Your account is closed, and everything kept about you is being deleted."}
        )


class RequestExportView(AccountView):
    """Wanting a copy."""

    @extend_schema(request=ExportWishSerializer, responses={200: ExportMadeSerializer, **refusals(400, 429)})
    def post(self, request: Request) -> Response:
        """Ask for a copy of everything kept about you."""
        kind = ExportFormat(read_body(ExportWishSerializer, request)["format"])
        made = request_export(user=asking_user(request), kind=kind)
        said = "Your copy is being made. It can be fetched for seven days."
        return Response({"id": str(made.pk), "status": made.status, "message": said})


class ExportStatusView(AccountView):
    """Looking whether it is there."""

    @extend_schema(
        parameters=[OpenApiParameter("id", str, required=True, description="Of the copy.")],
        responses={200: ExportSerializer, **refusals(400, 403, 404)},
    )
    def get(self, request: Request) -> Response:
        """Read how far a copy is."""
        asked = request.query_params.get("id", "")
        if not asked:
            raise ValidationError("Say with id which copy.")
        made = _own_export(request, asked)
        said: dict[str, Any] = {
            "id": str(made.pk),
            "status": made.status,
            "format": made.format,
            "createdAt": _iso(made.made_at),
        }
        if made.completed_at is not None:
            said["completedAt"] = _iso(made.completed_at)
        if made.status == ExportStatus.COMPLETED:
            said["downloadUrl"] = f"{settings.PUBLIC_URL}/api/account/download-export/{made.pk}"
        return Response(said)


class DownloadExportView(AccountView):
    """Fetching it."""

    @extend_schema(
        responses={
            (200, "application/json"): OpenApiResponse(OpenApiTypes.BINARY, "The copy."),
            (200, "text/csv"): OpenApiResponse(OpenApiTypes.BINARY, "The copy."),
            **refusals(400, 403, 404),
        }
    )
    def get(self, request: Request, export_id: str) -> HttpResponseBase:
        """Fetch a copy of everything kept about you."""
        made = _own_export(request, export_id)
        if made.status != ExportStatus.COMPLETED:
            raise ValidationError(f"This copy is {made.status}.")
        return serve_export(made)


def serve_export(made: DataExport) -> HttpResponse:
    """Return a completed copy as a file that nobody keeps on the way."""
    kind = ExportFormat(made.format)
    name = f"my-data-{made.made_at:%Y-%m-%d}.{kind}"
    return HttpResponse(
        content_of(made),
        content_type=_TYPES[kind],
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


def _own_export(request: Request, export_id: str) -> DataExport:
    wanted = _uuid(export_id)
    kept = DataExport.objects.filter(expires_at__gt=timezone.now())
    made = None if wanted is None else kept.filter(pk=wanted).first()
    if made is None:
        raise NotFound("There is no such copy, or its time is over.")
    if made.user_id != asking_user(request).pk:
        raise PermissionDenied("This copy is somebody else's.")
    return made


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _iso(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
