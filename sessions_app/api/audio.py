"""The form in which a phone sends sound (rest §2)."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.schema import refusals
from accounts.api.views import asking_user, read_body
from sessions_app.api.views import (
    NoSessionSerializer,
    PhoneView,
    answer_no_session,
    ask_own_session,
    timestamp,
)
from sessions_app.audio.formats import read_audio_format
from sessions_app.audio.lc3 import FRAME_MICROSECONDS, SAMPLE_RATE_HZ
from sessions_app.errors import OwnerUnreachable, SessionAbsent
from sessions_app.outbound.commands import ConfigureAudio


class Lc3ConfigSerializer(serializers.Serializer[Any]):
    """How LC3 is cut into frames; numbers that cannot be decoded are replaced by 16000, 10 and 20."""

    sampleRate = serializers.JSONField(required=False)
    frameDurationMs = serializers.JSONField(required=False)
    frameSizeBytes = serializers.JSONField(required=False)


class AudioFormatSerializer(serializers.Serializer[Any]):
    """The form of sound a phone is going to send."""

    format = serializers.ChoiceField(choices=["pcm", "lc3"])
    lc3Config = Lc3ConfigSerializer(required=False, allow_null=True)


class UsedLc3Serializer(serializers.Serializer[Any]):
    """How the cloud reads LC3 from now on."""

    sampleRate = serializers.IntegerField()
    frameDurationMs = serializers.IntegerField()
    frameSizeBytes = serializers.IntegerField()


class ConfiguredSerializer(serializers.Serializer[Any]):
    """What the cloud expects from now on."""

    success = serializers.BooleanField(default=True)
    format = serializers.CharField()
    lc3Config = UsedLc3Serializer(required=False)
    message = serializers.CharField()
    timestamp = serializers.DateTimeField()


class ConfigureAudioView(PhoneView):
    """How sound is sent in one's own session."""

    @extend_schema(
        request=AudioFormatSerializer,
        responses={200: ConfiguredSerializer, 503: NoSessionSerializer, **refusals(400)},
    )
    def post(self, request: Request) -> Response:
        """Say in which form the phone sends sound from now on.

        What the decoder remembers of the sound before is forgotten.
        """
        wanted = read_audio_format(read_body(AudioFormatSerializer, request))
        command = ConfigureAudio(lc3_frame_bytes=wanted.lc3_frame_bytes)
        try:
            ask_own_session(asking_user(request), command)
        except (SessionAbsent, OwnerUnreachable) as problem:
            return answer_no_session(problem)
        answer: dict[str, Any] = {"success": True, "format": wanted.name}
        if wanted.lc3_frame_bytes is not None:
            answer["lc3Config"] = {
                "sampleRate": SAMPLE_RATE_HZ,
                "frameDurationMs": FRAME_MICROSECONDS // 1_000,
                "frameSizeBytes": wanted.lc3_frame_bytes,
            }
        return Response({**answer, "message": "Audio format configured", "timestamp": timestamp()})
