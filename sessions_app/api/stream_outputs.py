"""Apps have a managed stream they watch sent on to further places (rest §6, media.md §6.4)."""

from typing import Any

import msgspec
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.schema import DoneSerializer, refusals
from accounts.api.views import ApiView, read_body
from accounts.limits import take
from apps_registry.api.authentication import AppKeyAuthentication, asking_key
from sessions_app.errors import OwnerUnreachable, SessionAbsent
from sessions_app.outbound.commands import AddOutput, AnyCommand, ListOutputs, RemoveOutput, Reply
from sessions_app.outbound.owner import ask_session_of
from sessions_app.streaming.addresses import LONGEST_URL
from sessions_app.streaming.selectors import find_stream_under_way
from sessions_app.streaming.sending_on import Refused

NO_STREAM = Reply(ok=False, code=Refused.STREAM_NOT_FOUND, message="No such stream runs.")
AWAY = Reply(ok=False, code=Refused.MEDIA_SERVER, message="The node that holds the session does not answer.")
_STATUSES = {
    Refused.MALFORMED: status.HTTP_400_BAD_REQUEST,
    Refused.STREAM_NOT_FOUND: status.HTTP_404_NOT_FOUND,
    Refused.OUTPUT_NOT_FOUND: status.HTTP_404_NOT_FOUND,
    Refused.NOT_A_VIEWER: status.HTTP_403_FORBIDDEN,
    Refused.NOT_YOURS: status.HTTP_403_FORBIDDEN,
    Refused.MAX_OUTPUTS_REACHED: status.HTTP_409_CONFLICT,
    Refused.DUPLICATE_URL: status.HTTP_409_CONFLICT,
    Refused.MEDIA_SERVER: status.HTTP_502_BAD_GATEWAY,
}


class SendOnSerializer(serializers.Serializer[Any]):
    """Where the stream is to go too: an RTMP or RTMPS address. The package is for keys shown without one."""

    url = serializers.CharField(max_length=LONGEST_URL)
    name = serializers.CharField(max_length=200, required=False, allow_null=True, allow_blank=True)
    packageName = serializers.CharField(max_length=200, required=False)


class SentOnSerializer(serializers.Serializer[Any]):
    """A further place of a stream; of one that another app added, only scheme and host."""

    outputId = serializers.CharField(allow_blank=True, help_text="Empty for one that failed.")
    url = serializers.CharField()
    name = serializers.CharField(allow_null=True, allow_blank=True)
    status = serializers.ChoiceField(choices=["active", "error"])


class SentOnAnswerSerializer(serializers.Serializer[Any]):
    """The place that was added."""

    success = serializers.BooleanField(default=True)
    output = SentOnSerializer()


class SentOnListSerializer(serializers.Serializer[Any]):
    """Every place."""

    success = serializers.BooleanField(default=True)
    outputs = SentOnSerializer(many=True)


class SendOnRefusalSerializer(serializers.Serializer[Any]):
    """Why not: a code and a sentence."""

    error = serializers.CharField()
    message = serializers.CharField(required=False)


def _refusals(*codes: int) -> dict[int, Any]:
    return dict.fromkeys(codes, SendOnRefusalSerializer)


class StreamView(ApiView):
    """An endpoint for an app that watches a stream."""

    authentication_classes = (AppKeyAuthentication,)

    def ask(self, stream_id: str, command: AnyCommand) -> Reply:
        """Ask the owner of the session that the stream is of; blocking, at most five seconds."""
        found = find_stream_under_way(stream_id)
        if found is None:
            return NO_STREAM
        try:
            return ask_session_of(found.session.user_id, command)
        except SessionAbsent:
            return NO_STREAM
        except OwnerUnreachable:
            return AWAY


class OutputsView(StreamView):
    """The further places of a stream."""

    @extend_schema(responses={200: SentOnListSerializer, **_refusals(403, 404, 502)})
    def get(self, request: Request, stream_id: str) -> Response:
        """Return where a managed stream is sent on to."""
        reply = self.ask(stream_id, ListOutputs(stream_id, asking_key(request).app.package_name))
        if not reply.ok:
            return _refuse(reply)
        return Response({"success": True, "outputs": msgspec.to_builtins(reply.outputs)})

    @extend_schema(
        request=SendOnSerializer,
        responses={201: SentOnAnswerSerializer, **_refusals(400, 403, 404, 409, 502), **refusals(429)},
    )
    def post(self, request: Request, stream_id: str) -> Response:
        """Have a managed stream that your app watches sent on to one more place, ten at most."""
        said, key = read_body(SendOnSerializer, request), asking_key(request)
        take("stream_output", key.app_id)
        command = AddOutput(stream_id, key.app.package_name, said["url"], said.get("name") or None)
        reply = self.ask(stream_id, command)
        if not reply.ok:
            return _refuse(reply)
        body = {"success": True, "output": msgspec.to_builtins(reply.outputs[0])}
        return Response(body, status.HTTP_201_CREATED)


class OutputView(StreamView):
    """One further place of a stream."""

    @extend_schema(responses={200: DoneSerializer, **_refusals(403, 404, 502), **refusals(429)})
    def delete(self, request: Request, stream_id: str, output_id: str) -> Response:
        """Send a stream there no more; only the app that added the place may say so."""
        key = asking_key(request)
        take("stream_output", key.app_id)
        reply = self.ask(stream_id, RemoveOutput(stream_id, key.app.package_name, output_id))
        return Response({"success": True}) if reply.ok else _refuse(reply)


def _refuse(reply: Reply) -> Response:
    try:
        code = _STATUSES[Refused(reply.code)]
    except ValueError:
        return _refuse(NO_STREAM)  # the session is on its way to another owner, or over
    return Response({"error": reply.code, "message": reply.message}, code)
