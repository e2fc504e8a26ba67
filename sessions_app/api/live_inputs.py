"""Places for live video, for a phone that drives the camera itself (rest §2, media §6.5)."""

from typing import Any, Final
from urllib.parse import urlsplit

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.schema import refusals
from accounts.api.views import asking_user, read_body
from accounts.limits import take
from sessions_app.api.phone_photos import TakenSerializer
from sessions_app.api.views import PhoneView
from sessions_app.media_servers.of_phones import (
    TooManyInputs,
    provision_for,
    remove_input_of,
    state_of_input,
)
from sessions_app.media_servers.server import LiveInput, MediaServerError, Output
from sessions_app.protocol.codec import iso

MOST_DESTINATIONS: Final = 10
_STATUSES: Final = {
    "NOT_FOUND": (status.HTTP_404_NOT_FOUND, "not_found"),
    "REFUSED": (status.HTTP_400_BAD_REQUEST, "invalid_destination"),
    "MAX_OUTPUTS_REACHED": (status.HTTP_400_BAD_REQUEST, "too_many_destinations"),
}


class DestinationSerializer(serializers.Serializer[Any]):
    """A further place that the video is pushed on to."""

    url = serializers.CharField(max_length=2000, help_text="`rtmp://` or `rtmps://`.")
    name = serializers.CharField(max_length=200, required=False, allow_null=True)

    def validate_url(self, url: str) -> str:
        """Refuse what is no address for RTMP."""
        try:
            parts = urlsplit(url)
        except ValueError:
            parts = urlsplit("")
        if parts.scheme not in ("rtmp", "rtmps") or not parts.netloc:
            raise serializers.ValidationError(
                "A destination begins with rtmp:// or rtmps:// and names a host."
            )
        return url


class ProvisionSerializer(serializers.Serializer[Any]):
    """A place for live video."""

    restreamDestinations = serializers.ListField(
        child=DestinationSerializer(), required=False, max_length=MOST_DESTINATIONS
    )


class OutputSerializer(serializers.Serializer[Any]):
    """A further place, as it is pushed on to now."""

    outputId = serializers.CharField()
    url = serializers.CharField()
    name = serializers.CharField(required=False)
    status = serializers.CharField(default="active")


class LiveInputSerializer(serializers.Serializer[Any]):
    """Where to push, which holds the secret key, and where to watch. What is not there is not offered."""

    liveInputId = serializers.CharField()
    rtmpUrl = serializers.CharField()
    srtUrl = serializers.CharField(required=False)
    hlsUrl = serializers.CharField()
    dashUrl = serializers.CharField()
    webrtcUrl = serializers.CharField(required=False)
    webrtcPublishUrl = serializers.CharField(required=False)
    outputs = OutputSerializer(many=True)


class InputStateSerializer(serializers.Serializer[Any]):
    """Whether somebody pushes, since when, and how many watch, where that is known."""

    isConnected = serializers.BooleanField()
    connectedAt = serializers.DateTimeField(required=False)
    disconnectedAt = serializers.DateTimeField(required=False)
    viewerCount = serializers.IntegerField(required=False)


class ProvisionView(PhoneView):
    """Places for live video of one's phone."""

    @extend_schema(
        request=ProvisionSerializer, responses={200: LiveInputSerializer, **refusals(400, 409, 429, 502)}
    )
    def post(self, request: Request) -> Response:
        """Get a place to push live video to, and addresses to watch it."""
        said = read_body(ProvisionSerializer, request)
        user = asking_user(request)
        take("live_input", user.pk)
        wanted = [(one["url"], one.get("name")) for one in said.get("restreamDestinations", [])]
        try:
            made, outputs = provision_for(user.pk, user.email, wanted)
        except TooManyInputs as refusal:
            return _refuse(status.HTTP_409_CONFLICT, "too_many_inputs", str(refusal))
        except MediaServerError as trouble:
            return _fail(trouble, "provision_failed")
        return Response(_say(made, outputs))


class InputStatusView(PhoneView):
    """How live video of one's phone is."""

    @extend_schema(responses={200: InputStateSerializer, **refusals(404, 502)})
    def get(self, request: Request, live_input_id: str) -> Response:
        """Look whether the video comes."""
        try:
            state = state_of_input(asking_user(request).pk, live_input_id)
        except MediaServerError as trouble:
            return _fail(trouble, "status_failed")
        said = {
            "isConnected": state.is_connected,
            "connectedAt": iso(state.connected_at) if state.connected_at else None,
            "disconnectedAt": iso(state.disconnected_at) if state.disconnected_at else None,
            "viewerCount": state.viewers,
        }
        return Response(_told(said))


class InputView(PhoneView):
    """A place for live video of one's phone."""

    @extend_schema(responses={200: TakenSerializer, **refusals(404, 502)})
    def delete(self, request: Request, live_input_id: str) -> Response:
        """End it, with everything recorded."""
        try:
            remove_input_of(asking_user(request).pk, live_input_id)
        except MediaServerError as trouble:
            return _fail(trouble, "remove_failed")
        return Response({"ok": True})


def _say(made: LiveInput, outputs: list[Output]) -> dict[str, Any]:
    said = {
        "liveInputId": made.input_id,
        "rtmpUrl": made.rtmp_url,
        "srtUrl": made.srt_url,
        "hlsUrl": made.hls_url,
        "dashUrl": made.dash_url,
        "webrtcUrl": made.webrtc_url,
        "webrtcPublishUrl": made.whip_url,
        "outputs": [
            _told({"outputId": one.output_id, "url": one.url, "name": one.name, "status": "active"})
            for one in outputs
        ],
    }
    return _told(said)


def _told(said: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if value is not None}


def _fail(trouble: MediaServerError, error: str) -> Response:
    code, word = _STATUSES.get(trouble.code, (status.HTTP_502_BAD_GATEWAY, error))
    return _refuse(code, word, trouble.message)


def _refuse(code: int, error: str, message: str) -> Response:
    return Response({"error": error, "message": message}, code)
