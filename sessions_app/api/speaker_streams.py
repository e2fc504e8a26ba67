"""The sound of an app, fetched by the phone while it is made (rest §7, media.md §4)."""

from typing import ClassVar, Final

from asgiref.sync import async_to_sync
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import APIException, NotFound
from rest_framework.request import Request

from accounts.api.refusals import Wording, unsuccessful
from accounts.api.schema import refusals
from accounts.api.views import ApiView
from sessions_app.api.views import NO_SESSION
from sessions_app.errors import SessionAbsent
from sessions_app.media.sound_reader import SoundReader, StreamInUse, UnknownStream

MP3: Final = "audio/mpeg"
# A proxy that gathers the sound before it passes it on would keep the phone waiting.
_HEADERS: Final = {"Cache-Control": "no-store", "Accept-Ranges": "none", "X-Accel-Buffering": "no"}


class InUse(APIException):
    """Somebody else has the stream."""

    status_code = status.HTTP_409_CONFLICT
    default_detail = "The stream is being fetched already; one phone hears it."
    default_code = "STREAM_TAKEN"


class OutOfReach(APIException):
    """The node that has the stream does not answer."""

    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_detail = "The stream cannot be reached at the moment; try again."
    default_code = NO_SESSION


class SpeakerStreamView(ApiView):
    """Sound on its way to a phone. The address is the secret: it is for one stream, and for as long as that lasts."""

    # To ask for the headers alone would take the stream.
    http_method_names = ["get", "options"]
    wording: ClassVar[Wording] = staticmethod(unsuccessful)

    @extend_schema(responses={(200, MP3): OpenApiTypes.BINARY, **refusals(404, 409, 503)})
    def get(self, request: Request, token: str) -> HttpResponseBase:
        """Hear an app's stream.

        The sound is sent as it comes: one stream of MP3, without a length and without ranges. A phone that lost its
        connection may come back within ten seconds and hears what comes next.
        """
        reader = SoundReader(token)
        try:
            async_to_sync(reader.begin)()
        except UnknownStream as error:
            raise NotFound("There is no such stream; it may be over.") from error
        except StreamInUse as error:
            raise InUse from error
        except SessionAbsent as error:
            raise OutOfReach from error
        return StreamingHttpResponse(reader.pour(), content_type=MP3, headers=_HEADERS)
