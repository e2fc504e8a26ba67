"""How the simulated glasses answer requests of the cloud (glasses-socket §5.4, media §1–2).

Each answer is a message or None; uploading and fetching go over HTTP as a phone does it.
"""

import asyncio
import ssl
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field

import aiohttp

from sessions_app.protocol.base import GlassesMessage, ToGlasses
from sessions_app.protocol.cloud_to_glasses import (
    AudioPlayRequest,
    AudioStopRequest,
    PhotoRequest,
    RequestSingleLocation,
    RgbLedControl,
)
from sessions_app.protocol.fragments import PhotoError
from sessions_app.protocol.glasses_to_cloud import (
    AudioPlayResponse,
    LocationUpdate,
    PhotoResponse,
    RgbLedControlResponse,
)
from sessions_app.simulator.film import Film
from sessions_app.simulator.speaker import Speaker

TRANSFER_SECONDS = 20
UPLOAD_FAILED = "UPLOAD_FAILED"


def gradient_picture(width: int = 64, height: int = 48) -> bytes:
    """Return a small grey gradient as a PNG file."""
    rows = b"".join(b"\0" + bytes(255 * x // width for x in range(width)) for _ in range(height))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


@dataclass
class Hardware:
    """What camera, speaker, light and position sensor do when asked.

    An error makes the answer a failure; `is_silent` makes all requests go unanswered. Without
    `uploads_photos` or `fetches_audio` the answer is a success that did nothing. `position` is latitude and
    longitude in degrees; without one no position is reported. `notice` is told what a person would hear.
    By TLS the phone trusts whoever the machine does, or what `trusts` says.
    """

    is_silent: bool = False
    picture: bytes = field(default_factory=gradient_picture)
    uploads_photos: bool = True
    photo_error: PhotoError | None = None
    fetches_audio: bool = True
    audio_error: str | None = None
    led_error: str | None = None
    position: tuple[float, float] | None = None
    notice: Callable[[str], None] = lambda text: None
    speaker: Speaker = field(default_factory=Speaker)
    film: Film = field(default_factory=Film)
    trusts: ssl.SSLContext | None = None

    async def answers(self, request: ToGlasses) -> list[GlassesMessage]:
        """Do what `request` asks and return everything the phone says to that."""
        if self.is_silent:
            return []
        answer = await self.answer(request)
        return [*self.film.answers(request), *([] if answer is None else [answer])]

    async def answer(self, request: ToGlasses) -> GlassesMessage | None:
        """Do what `request` asks and return the answer; None for requests that have none."""
        if self.is_silent:
            return None
        match request:
            case PhotoRequest():
                return await self._take_photo(request)
            case AudioPlayRequest():
                return await self._play_audio(request)
            case AudioStopRequest():
                self.speaker.stop(request.track_id)
            case RgbLedControl():
                return RgbLedControlResponse(
                    request_id=request.request_id, success=self.led_error is None, error=self.led_error
                )
            case RequestSingleLocation() if self.position is not None:
                latitude, longitude = self.position
                return LocationUpdate(lat=latitude, lng=longitude, correlation_id=request.correlation_id)
        return None

    async def _take_photo(self, request: PhotoRequest) -> PhotoResponse:
        error = self.photo_error
        if error is None and self.uploads_photos:
            error = await self._upload(request)
        return PhotoResponse(
            request_id=request.request_id,
            success=error is None,
            saved_to_gallery=None if error else bool(request.save_to_gallery),
            error=error,
        )

    async def _upload(self, request: PhotoRequest) -> PhotoError | None:
        form = aiohttp.FormData()
        form.add_field("requestId", request.request_id)
        form.add_field("type", "photo_upload")
        form.add_field("success", "true")
        form.add_field("photo", self.picture, filename="photo.png", content_type="image/png")
        headers = {"Authorization": f"Bearer {request.auth_token}"} if request.auth_token else {}
        try:
            async with (
                _http() as http,
                http.post(
                    request.webhook_url, data=form, headers=headers, ssl=self.trusts or True
                ) as response,
            ):
                if response.ok:
                    return None
                return PhotoError(code=UPLOAD_FAILED, message=f"The upload was answered {response.status}")
        except (aiohttp.ClientError, TimeoutError) as problem:
            return PhotoError(code=UPLOAD_FAILED, message=str(problem) or "The upload took too long")

    async def _play_audio(self, request: AudioPlayRequest) -> AudioPlayResponse:
        begun = asyncio.get_running_loop().time()
        error = self.audio_error
        if error is None and self.fetches_audio:
            self.notice(f"{request.package_name} plays sound.")
            sound = await self.speaker.play(request, self.trusts)
            error = sound.error
            self.notice(
                f"The sound of {request.package_name} is over: {error or f'{len(sound.data):,} bytes'}."
            )
        elapsed_ms = round((asyncio.get_running_loop().time() - begun) * 1000)
        return AudioPlayResponse(
            request_id=request.request_id,
            success=error is None,
            error=error,
            duration=None if error else elapsed_ms,
        )


def _http() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TRANSFER_SECONDS))
