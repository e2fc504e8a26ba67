"""Reading bodies without letting them grow: 1 MB of JSON, 10 MB for a picture (rest §1)."""

from collections.abc import Mapping
from io import BytesIO
from typing import IO, Any, ClassVar

from rest_framework import status
from rest_framework.exceptions import APIException, ParseError
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import DataAndFiles, JSONParser, MultiPartParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

MAX_JSON_BYTES = 1024 * 1024
MAX_PICTURE_BYTES = 10 * 1024 * 1024
# Boundaries, part headers and the small fields beside the picture.
FORM_BYTES = 64 * 1024


class BodyTooLarge(APIException):
    """The body is larger than the endpoint takes."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE

    def __init__(self, most_bytes: int) -> None:
        super().__init__(f"The body is too large: {most_bytes // (1024 * 1024)} MB are taken.")


class BoundedJSONParser(JSONParser):
    """JSON of at most 1 MB; what is no JSON is answered 400."""

    most_bytes: ClassVar[int] = MAX_JSON_BYTES

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Return the parsed body; raise BodyTooLarge or ParseError."""
        body = stream.read(self.most_bytes + 1)
        if len(body) > self.most_bytes:
            raise BodyTooLarge(self.most_bytes)
        try:
            return super().parse(BytesIO(body), media_type, parser_context)
        except RecursionError as error:
            raise ParseError("JSON parse error - it is nested too deeply") from error


class PictureParser(MultiPartParser):
    """A form with one picture in it."""

    most_bytes: ClassVar[int] = MAX_PICTURE_BYTES

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> "DataAndFiles[Any, Any]":
        """Return fields and files; raise BodyTooLarge or ParseError."""
        length = (parser_context or {})["request"].META.get("CONTENT_LENGTH")
        if str(length or 0).isdigit() and int(length or 0) > self.most_bytes + FORM_BYTES:
            raise BodyTooLarge(self.most_bytes)
        return super().parse(stream, media_type, parser_context)


class AlwaysJson(DefaultContentNegotiation):
    """Answers in JSON whatever a client says it accepts: some name nothing, some the wrong type."""

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """Return the first renderer."""
        return renderers[0], renderers[0].media_type
