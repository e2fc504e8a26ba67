"""What a phone says of its glasses (rest §2, streams-and-permissions §5)."""

from typing import Any

import msgspec
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.schema import refusals
from accounts.api.views import asking_user, read_body
from accounts.limits import take
from sessions_app.api.views import (
    NoSessionSerializer,
    PhoneView,
    answer_no_session,
    ask_own_session,
    timestamp,
)
from sessions_app.errors import OwnerUnreachable, SessionAbsent
from sessions_app.outbound.commands import AppliedState, ReportDevice
from sessions_app.phone.device_state import known_fields


class GlassesStateSerializer(serializers.Serializer[Any]):
    """A part of the state of the glasses: what is absent has not changed, null is unknown.

    Besides these names all of GlassesInfo are taken; names nobody knows and values of a wrong kind are passed over.
    """

    modelName = serializers.JSONField(required=False, help_text="Empty or null: there are no glasses.")
    connected = serializers.JSONField(required=False, help_text="Without it, a model stands for glasses.")
    batteryLevel = serializers.JSONField(required=False, help_text="0 to 100.")
    charging = serializers.JSONField(required=False)
    wifiConnected = serializers.JSONField(required=False)
    wifiSsid = serializers.JSONField(required=False)


class AppliedStateSerializer(serializers.Serializer[Any]):
    """What is known of phone and glasses now; `capabilities` is the profile of the model, null for an unknown one."""

    isGlassesConnected = serializers.BooleanField()
    isPhoneConnected = serializers.BooleanField()
    modelName = serializers.CharField(allow_null=True)
    capabilities = serializers.JSONField(allow_null=True)


class StateTakenSerializer(serializers.Serializer[Any]):
    """The state after the report."""

    success = serializers.BooleanField(default=True)
    appliedState = AppliedStateSerializer()
    timestamp = serializers.DateTimeField()


class DeviceStateView(PhoneView):
    """The glasses of one's own session."""

    @extend_schema(
        request=GlassesStateSerializer,
        responses={200: StateTakenSerializer, 503: NoSessionSerializer, **refusals(400, 429)},
    )
    def post(self, request: Request) -> Response:
        """Report what changed of the glasses.

        At most ten times a second. Apps hear of changes only, at most twice a second.
        """
        user = asking_user(request)
        take("device_state", user.pk)
        read_body(GlassesStateSerializer, request)
        report = ReportDevice(known_fields(dict(request.data)))
        try:
            reply = ask_own_session(user, report)
        except (SessionAbsent, OwnerUnreachable) as problem:
            return answer_no_session(problem)
        return Response({"success": True, "appliedState": _wire(reply.applied), "timestamp": timestamp()})


def _wire(applied: AppliedState | None) -> dict[str, Any]:
    state: dict[str, Any] = msgspec.to_builtins(applied or AppliedState(False, False))
    return state
