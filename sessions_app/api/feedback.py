"""What people think, and errors that phones ran into: for operators to read (rest §2 and §8)."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.authentication import OptionalCoreAuthentication
from accounts.api.refusals import Wording, unsuccessful
from accounts.api.schema import refusals
from accounts.api.views import ApiView, asking_user, client_address, read_body
from accounts.limits import take
from accounts.models import User
from sessions_app.api.incidents import AnyObjectField
from sessions_app.api.views import PhoneView
from sessions_app.incidents.services import Kind, report
from sessions_app.tasks import hand_incident_to_worker

MOST_TEXT = 20_000


@extend_schema_field(
    {
        "oneOf": [
            {"type": "string", "minLength": 1, "maxLength": MOST_TEXT},
            {"type": "object", "additionalProperties": {}},
        ]
    }
)
class FeedbackField(serializers.Field[Any, Any, Any, Any]):
    """A text, or an object such as `{"type": "bug", …}`."""

    def to_internal_value(self, data: object) -> Any:
        is_text = isinstance(data, str) and len(data.strip()) > 0 and len(data) <= MOST_TEXT
        if not is_text and not (isinstance(data, dict) and data):
            raise serializers.ValidationError("Send a text or an object.")
        return data

    def to_representation(self, value: Any) -> Any:
        return value


class FeedbackSerializer(serializers.Serializer[Any]):
    """What somebody thinks."""

    feedback = FeedbackField()


class FeedbackAnswerSerializer(serializers.Serializer[Any]):
    """It is kept, as it was said."""

    success = serializers.BooleanField(default=True)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        # Not a field of the class: Serializer has a property of that name.
        return {**super().get_fields(), "data": FeedbackSerializer()}


class ErrorReportSerializer(serializers.Serializer[Any]):
    """What a phone knows of an error it ran into."""

    reportData = AnyObjectField()


class ErrorReportedSerializer(serializers.Serializer[Any]):
    """It is kept under this id."""

    success = serializers.BooleanField(default=True)
    id = serializers.UUIDField()


class FeedbackView(PhoneView):
    """One's opinion."""

    wording: ClassVar[Wording] = staticmethod(unsuccessful)

    @extend_schema(request=FeedbackSerializer, responses={200: FeedbackAnswerSerializer, **refusals(429)})
    def post(self, request: Request) -> Response:
        """Tell the operators of this cloud what you think."""
        user, said = asking_user(request), read_body(FeedbackSerializer, request)["feedback"]
        take("feedback", user.pk)
        kept = said if isinstance(said, dict) else {"text": said}
        hand_incident_to_worker(report(kind=Kind.FEEDBACK, user=user, said=kept))
        return Response({"success": True, "data": {"feedback": said}})


class ErrorReportView(ApiView):
    """An error of a phone."""

    authentication_classes = (OptionalCoreAuthentication,)
    wording: ClassVar[Wording] = staticmethod(unsuccessful)

    @extend_schema(request=ErrorReportSerializer, responses={200: ErrorReportedSerializer, **refusals(429)})
    def post(self, request: Request) -> Response:
        """Report an error that a phone's own code ran into; without a token it is nobody's."""
        said = read_body(ErrorReportSerializer, request)["reportData"]
        user = request.user if isinstance(request.user, User) else None
        who = str(user.pk) if user else client_address(request)
        take("error_report", who)
        incident = report(kind=Kind.ERROR, user=user, said=said, who=who)
        hand_incident_to_worker(incident)
        return Response({"success": True, "id": str(incident.pk)})
