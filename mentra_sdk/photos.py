"""A photo of the glasses, and reading what is in it."""

import base64
from datetime import UTC, datetime

import aiohttp

from mentra_sdk.dialing import is_loopback
from mentra_sdk.errors import RequestRefused
from mentra_sdk.wire import Timestamp
from mentra_sdk.wire_media import PhotoResponse

READ_SECONDS = 30
MOST_BYTES = 25 * 1024 * 1024
INLINE = "data:image/jpeg;base64,"
NOT_READABLE = "PHOTO_NOT_READABLE"


class Photo:
    """A photo that was taken: where it is, its size in pixels where known (else 0), and when it was ready.

    Whoever knows the `url` can open it, until the cloud deletes it a day or so later.
    """

    def __init__(
        self, url: str, *, width: int, height: int, timestamp: datetime, saved_to_gallery: bool
    ) -> None:
        self.url = url
        self.width = width
        self.height = height
        self.timestamp = timestamp
        self.saved_to_gallery = saved_to_gallery

    async def read(self) -> bytes:
        """Return the file, mostly a JPEG; raises RequestRefused with the code "PHOTO_NOT_READABLE"."""
        if self.url.startswith(INLINE):
            return base64.b64decode(self.url.removeprefix(INLINE))
        timeout = aiohttp.ClientTimeout(total=READ_SECONDS)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout, trust_env=not is_loopback(self.url)) as http,
                http.get(self.url) as answer,
            ):
                answer.raise_for_status()
                data = bytearray()
                async for piece in answer.content.iter_any():
                    data += piece
                    if len(data) > MOST_BYTES:
                        raise RequestRefused(NOT_READABLE, f"the photo has more than {MOST_BYTES} bytes")
                return bytes(data)
        except (aiohttp.ClientError, OSError, ValueError) as problem:
            raise RequestRefused(NOT_READABLE, f"the photo cannot be read: {problem!r}") from problem


def photo_of(answer: PhotoResponse) -> Photo:
    """Return the photo a successful answer tells of."""
    return Photo(
        answer.photo_url or "",
        width=round(answer.width or 0),
        height=round(answer.height or 0),
        timestamp=moment_of(answer.timestamp),
        saved_to_gallery=bool(answer.saved_to_gallery),
    )


def moment_of(timestamp: Timestamp) -> datetime:
    """Return a timestamp of the wire, ISO 8601 or milliseconds, as a moment; now, where it is none."""
    try:
        if isinstance(timestamp, str):
            return datetime.fromisoformat(timestamp).astimezone(UTC)
        if timestamp is not None:
            return datetime.fromtimestamp(timestamp / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        pass
    return datetime.now(UTC)
