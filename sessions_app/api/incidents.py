"""Reports of phones with their logs and pictures, and logs of apps that were asked for them (rest §9)."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import NotFound, ParseError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.parsers import PictureParser
from accounts.api.refusals import Wording, unsuccessful
from accounts.api.schema import DoneSerializer, refusals
from accounts.api.views import asking_user, read_body
from accounts.limits import take
from sessions_app.api.incident_tokens import IncidentLogAuthentication
from sessions_app.api.photo_uploads import read_picture
from sessions_app.api.views import PhoneView
from sessions_app.incidents.attachments import Attached, keep_attachments
from sessions_app.incidents.rules import APP, MOST_ATTACHMENTS, MOST_LINES, PHONE_SOURCES
from sessions_app.incidents.services import Kind, add_log, find_incident, report
from sessions_app.incidents.tokens import UploadGrant
from sessions_app.media.pictures import MOST_BYTES
from sessions_app.tasks import hand_incident_to_worker

UNKNOWN = "There is no such incident of yours."


@extend_schema_field({"type": "object", "additionalProperties": {}})
class AnyObjectField(serializers.Field[Any, Any, Any, Any]):
    """An object of whatever a phone knows."""

    def to_internal_value(self, data: object) -> dict[str, Any]:
        if not isinstance(data, dict):
            raise serializers.ValidationError("Send an object.")
        return data


@extend_schema_field({"type": "array", "items": {"type": "object", "additionalProperties": {}}})
class LinesField(serializers.Field[Any, Any, Any, Any]):
    """Lines of a log: `{"timestamp", "level", "message", "metadata"?}`, times as ISO-8601 or milliseconds."""

    def to_internal_value(self, data: object) -> list[Any]:
        if not isinstance(data, list):
            raise serializers.ValidationError("Send a list of lines.")
        if len(data) > MOST_LINES:
            raise serializers.ValidationError(f"At most {MOST_LINES} lines are taken at once.")
        return data


class ReportSerializer(serializers.Serializer[Any]):
    """What went wrong, in words, and what the phone knows of itself."""

    feedback = AnyObjectField()
    phoneState = AnyObjectField(required=False)


class ReportedSerializer(serializers.Serializer[Any]):
    """It is kept; bring logs and pictures under this id."""

    success = serializers.BooleanField(default=True)
    incidentId = serializers.UUIDField()


class LogsSerializer(serializers.Serializer[Any]):
    """Lines of a log. `source` is for phones; what an app brings is its own."""

    logs = LinesField()
    uploadToken = serializers.CharField(required=False)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        # Not a field of the class: Serializer has a property of that name.
        source = serializers.ChoiceField(choices=PHONE_SOURCES, default=PHONE_SOURCES[0])
        return {"source": source, **super().get_fields()}


class AttachmentsSerializer(serializers.Serializer[Any]):
    """One to five pictures: JPEG, PNG or WebP, 10 MB each."""

    files = serializers.ListField(
        child=serializers.FileField(), min_length=1, max_length=MOST_ATTACHMENTS, allow_empty=False
    )


class AttachmentSerializer(serializers.Serializer[Any]):
    """A picture that is kept."""

    id = serializers.IntegerField(source="number")
    filename = serializers.CharField()
    contentType = serializers.CharField(source="content_type")
    size = serializers.IntegerField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()


class AttachedSerializer(serializers.Serializer[Any]):
    """The pictures, in the order they were sent."""

    success = serializers.BooleanField(default=True)
    files = AttachmentSerializer(many=True)


class AttachmentsParser(PictureParser):
    """A form with five pictures at most."""

    most_bytes: ClassVar[int] = MOST_ATTACHMENTS * MOST_BYTES


class IncidentsView(PhoneView):
    """One's incidents."""

    wording: ClassVar[Wording] = staticmethod(unsuccessful)

    @extend_schema(request=ReportSerializer, responses={200: ReportedSerializer, **refusals(429)})
    def post(self, request: Request) -> Response:
        """Report that something went wrong.

        Apps of your session are asked for their logs. The same report within ten minutes has the same id.
        """
        user, said = asking_user(request), read_body(ReportSerializer, request)
        take("incident", user.pk)
        incident = report(
            kind=Kind.INCIDENT, user=user, said=said["feedback"], phone_state=said.get("phoneState")
        )
        hand_incident_to_worker(incident)
        return Response({"success": True, "incidentId": str(incident.pk)})


class IncidentLogsView(PhoneView):
    """Logs of an incident."""

    authentication_classes = (IncidentLogAuthentication,)
    wording: ClassVar[Wording] = staticmethod(unsuccessful)

    @extend_schema(request=LogsSerializer, responses={200: DoneSerializer, **refusals(404, 429)})
    def post(self, request: Request, incident_id: str) -> Response:
        """Add lines to the log of an incident; the same lines are kept once.

        For its phone with a core token, for apps with the token of the message that asked them.
        """
        said, grant = read_body(LogsSerializer, request), request.auth
        if isinstance(grant, UploadGrant):
            incident = find_incident(incident_id) if incident_id == grant.incident_id else None
            source, package_name, who = APP, grant.package_name, f"{grant.package_name}:{grant.incident_id}"
        else:
            user = asking_user(request)
            incident = find_incident(incident_id, user_pk=user.pk)
            source, package_name, who = said["source"], "", str(user.pk)
        if incident is None:
            raise NotFound(UNKNOWN)
        take("incident_logs", who)
        if add_log(incident=incident, source=source, entries=said["logs"], package_name=package_name):
            hand_incident_to_worker(incident)
        return Response({"success": True})


class IncidentAttachmentsView(PhoneView):
    """Pictures of an incident."""

    parser_classes = (AttachmentsParser,)
    wording: ClassVar[Wording] = staticmethod(unsuccessful)

    @extend_schema(
        request=AttachmentsSerializer, responses={200: AttachedSerializer, **refusals(404, 429, 503)}
    )
    def post(self, request: Request, incident_id: str) -> Response:
        """Add pictures to an incident, all or none of them; the same picture is kept once."""
        user = asking_user(request)
        incident = find_incident(incident_id, user_pk=user.pk)
        if incident is None:
            raise NotFound(UNKNOWN)
        take("incident_pictures", user.pk)
        kept = keep_attachments(incident=incident, attached=_pictures_in(request))
        return Response({"success": True, "files": AttachmentSerializer(kept, many=True).data})


def _pictures_in(request: Request) -> list[Attached]:
    files = request.FILES.getlist("files")
    if not files:
        raise ParseError("files: There is no picture.")
    if len(files) > MOST_ATTACHMENTS:
        raise ParseError(f"files: At most {MOST_ATTACHMENTS} pictures are taken.")
    return [Attached(file.name or "", read_picture(file)) for file in files]
