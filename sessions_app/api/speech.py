"""A text read aloud as MP3, while it is made (rest §6, media §3). Must not know voices; speech workers have them."""

import logging
import re
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing
from typing import ClassVar, Final

import msgspec
from asgiref.sync import async_to_sync
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.request import Request

from accounts.api.refusals import Wording, without_success
from accounts.api.schema import FailureSerializer, refusals
from accounts.api.views import ApiView
from accounts.limits import take
from sessions_app.api.listeners import LISTENER_AUTHENTICATIONS, name_of_listener
from sessions_app.speech.node.speaking import CannotSpeak
from sessions_app.speech.node.workers import speech_workers
from sessions_app.speech.wire import Speak

logger = logging.getLogger(__name__)

MP3: Final = "audio/mpeg"
MOST_CHARACTERS: Final = 4_000
_MOST_NAME_CHARACTERS: Final = 200
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8}){0,3}")
_STATUS: Final = {"VOICE_FAILED": 502, "VOICE_UNSUPPORTED": 400}
_NOBODY_READS: Final = 503
_PATIENCE_SECONDS: Final = 2
_HEADERS: Final = {"Cache-Control": "private, no-store", "Accept-Ranges": "none"}


class VoiceSettings(msgspec.Struct, frozen=True):
    """How a text is read, where the voice can; None: as usual."""

    stability: float | None = None
    similarity_boost: float | None = None
    style: float | None = None
    speed: float | None = None


_decode_settings = msgspec.json.Decoder(VoiceSettings).decode


class NotRead(APIException):
    """Nobody reads the text; the answer says why, and when to try again."""

    def __init__(self, problem: CannotSpeak) -> None:
        super().__init__(str(problem), problem.code)
        self.status_code = _STATUS.get(problem.code, _NOBODY_READS)
        self.retry_after_seconds = _PATIENCE_SECONDS if self.status_code == _NOBODY_READS else None


class SpeechView(ApiView):
    """A text as sound."""

    authentication_classes = LISTENER_AUTHENTICATIONS
    wording: ClassVar[Wording] = staticmethod(without_success)

    @extend_schema(
        parameters=[
            OpenApiParameter("text", required=True, description=f"At most {MOST_CHARACTERS} characters."),
            OpenApiParameter("language", description="Such as `de` or `pt-BR`; without it, it is guessed."),
            OpenApiParameter(
                "voice_id", description="A voice; one that is not known here means the usual one."
            ),
            OpenApiParameter("model_id", description="As with `voice_id`."),
            OpenApiParameter(
                "voice_settings",
                description=f"JSON object with numbers: {', '.join(VoiceSettings.__struct_fields__)}.",
            ),
            OpenApiParameter(
                "signature", description="In addresses the cloud gives to phones; no token is needed then."
            ),
        ],
        responses={
            (200, MP3): OpenApiTypes.BINARY,
            **refusals(400, 429, 502),
            503: OpenApiResponse(FailureSerializer, "No speech worker or no voice is free, or none runs."),
        },
    )
    def get(self, request: Request) -> HttpResponseBase:
        """Read a text aloud.

        The sound is sent while it is made: one stream of MP3, without a length and without ranges.
        """
        wish = read_wish(request.query_params)
        take("speech", name_of_listener(request))
        return _answer(_begin(wish))

    @extend_schema(exclude=True)
    def head(self, request: Request) -> HttpResponseBase:
        """Say what `get` would send, as far as that is known without reading the text."""
        read_wish(request.query_params)
        return _answer(_nothing())


def _answer(sound: AsyncIterator[bytes]) -> StreamingHttpResponse:
    return StreamingHttpResponse(sound, content_type=MP3, headers=_HEADERS)


async def _nothing() -> AsyncGenerator[bytes, None]:
    yield b""


def read_wish(query: Mapping[str, str]) -> Speak:
    """Return what a query asks for; raise ValidationError."""
    text = query.get("text", "").strip()
    if not text:
        raise _refusal("Text parameter is required")
    if len(text) > MOST_CHARACTERS:
        raise _refusal(f"The text is {len(text)} characters long; at most {MOST_CHARACTERS} are read")
    language = query.get("language", "")
    if language and not _LANGUAGE.fullmatch(language):
        raise _refusal("language is no language code, such as en or pt-BR")
    voice, model = query.get("voice_id", ""), query.get("model_id", "")
    if max(len(voice), len(model)) > _MOST_NAME_CHARACTERS:
        raise _refusal("voice_id or model_id is too long")
    tone = _read_settings(query.get("voice_settings", ""))
    return Speak(0, text, language, voice, model, *msgspec.structs.astuple(tone))


def _read_settings(given: str) -> VoiceSettings:
    try:
        return _decode_settings(given or "{}")
    except (msgspec.DecodeError, RecursionError) as problem:
        raise _refusal(f"voice_settings is no JSON object of numbers: {problem}") from problem


def _refusal(sentence: str) -> ValidationError:
    return ValidationError({"non_field_errors": [sentence]})


def _begin(wish: Speak) -> AsyncIterator[bytes]:
    """Return the sound, of which the first piece is there: until then a refusal is a plain answer. Blocking."""
    pieces = speech_workers.speak(wish)
    try:
        first = async_to_sync(_first_of)(pieces)
    except CannotSpeak as problem:
        raise NotRead(problem) from problem
    return _go_on(first, pieces)


async def _first_of(pieces: AsyncGenerator[bytes, None]) -> bytes:
    return await anext(pieces, b"")


async def _go_on(first: bytes, pieces: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    """Yield all sound there is; of a worker that is lost, what it made until then.

    The answer has begun and cannot become a refusal any more; an error here would leave the listener waiting, because
    Daphne keeps the connection open.
    """
    async with aclosing(pieces):
        yield first
        try:
            async for piece in pieces:
                yield piece
        except CannotSpeak as problem:
            logger.warning("A text was not read to its end: %s", problem)
