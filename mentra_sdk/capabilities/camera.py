"""Photos and live video (app-socket §7.3; media.md §1, §5, §6). Needs the CAMERA permission."""

from collections.abc import Sequence
from typing import Literal

from mentra_sdk import wire_media
from mentra_sdk.capabilities.live_stream import START_SECONDS, LiveStream
from mentra_sdk.handlers import Handler, Subscription
from mentra_sdk.live_video import AudioOptions, StreamInfo, StreamStatus, StreamUrls, VideoOptions
from mentra_sdk.photos import Photo, photo_of
from mentra_sdk.refusals import UNKNOWN, split_failure
from mentra_sdk.requests import Requests, new_request_id

PHOTO_SECONDS = 30.0
CHECK_SECONDS = 5.0


class Camera:
    """The camera of the glasses."""

    def __init__(self, requests: Requests, stream: LiveStream) -> None:
        self._requests = requests
        self._stream = stream
        self._checks: list[str] = []

    async def take_photo(
        self,
        *,
        size: Literal["small", "medium", "large", "full"] = "medium",
        compression: Literal["none", "medium", "heavy"] = "none",
        save_to_gallery: bool = False,
        sound: bool = True,
        timeout_seconds: float = PHOTO_SECONDS,
    ) -> Photo:
        """Take a photo and return it once it can be read; raises RequestFailed.

        `sound` False takes it without the sound of a shutter; the light that tells of it cannot be kept off.
        """
        request = wire_media.PhotoRequest(
            request_id=new_request_id("photo_req"),
            save_to_gallery=save_to_gallery,
            size=size,
            compress=compression,
            sound=sound,
        )
        answer = await self._requests.ask(
            request,
            request.request_id,
            answer=wire_media.PhotoResponse,
            timeout_seconds=timeout_seconds,
        )
        return photo_of(answer)

    async def start_stream(
        self,
        *,
        direct: str | None = None,
        destinations: Sequence[str] = (),
        quality: Literal["720p", "1080p"] | None = None,
        webrtc: bool = True,
        video: VideoOptions | None = None,
        audio: AudioOptions | None = None,
        duration_limit_seconds: float | None = None,
        sound: bool = True,
        timeout_seconds: float = START_SECONDS,
    ) -> StreamUrls | None:
        """Have the glasses stream, through the cloud or to an address of one's own; raises RequestFailed.

        Without `direct` the cloud takes the video, passes it on to the `destinations` (rtmp, rtmps or srt) and the
        answer says where it can be watched. With `direct` (rtmp, rtmps, srt, http or https for WHIP) the glasses
        push there, and the answer is None. It comes when the stream was accepted; `on_stream_status` tells the rest.
        """
        limit = None if duration_limit_seconds is None else {"durationLimit": duration_limit_seconds}
        if direct is not None:
            to_address = wire_media.StreamRequest(
                stream_url=direct, video=video, audio=audio, stream=limit, sound=sound
            )
            return await self._stream.start(to_address, is_managed=False, timeout_seconds=timeout_seconds)
        to_cloud = wire_media.ManagedStreamRequest(
            enable_webrtc=webrtc,
            quality=quality,
            video=video,
            audio=audio,
            stream=limit,
            restream_destinations=[{"url": url} for url in destinations] or None,
            sound=sound,
        )
        return await self._stream.start(to_cloud, is_managed=True, timeout_seconds=timeout_seconds)

    async def stop_stream(self) -> None:
        """End the stream that this app started, if there is one; `on_stream_status` tells when it is over."""
        self._stream.stop()

    def on_stream_status(self, handler: Handler[StreamStatus]) -> Subscription:
        """Call `handler` with each news of a stream; what is only repeated after a reconnect is not told again."""
        return self._stream.on_status(handler)

    @property
    def is_streaming(self) -> bool:
        """Tell whether a stream of this app runs or is about to."""
        return self._stream.is_running

    @property
    def stream_status(self) -> StreamStatus | None:
        """The latest news of a stream."""
        return self._stream.status

    @property
    def stream_urls(self) -> StreamUrls | None:
        """Where the managed stream can be watched now."""
        return self._stream.urls

    async def check_existing_stream(self) -> StreamInfo | None:
        """Return the stream the user has, of whatever app; None when there is none. Raises RequestFailed."""
        request = wire_media.StreamStatusCheck(request_id=new_request_id("stream_check"))
        self._checks.append(request.request_id)
        try:
            answer = await self._requests.ask(
                request,
                request.request_id,
                answer=wire_media.StreamStatusCheckResponse,
                timeout_seconds=CHECK_SECONDS,
            )
        finally:
            self._checks.remove(request.request_id)
        return answer.stream_info if answer.has_active_stream else None

    def take_photo_response(self, answer: wire_media.PhotoResponse) -> None:
        """Settle a request for a photo."""
        name = answer.request_id or ""
        if answer.success:
            self._requests.answer(name, answer)
        elif isinstance(answer.error, wire_media.Failure):
            self._requests.refuse(name, answer.error.code or UNKNOWN, answer.error.message or "")
        else:
            self._requests.refuse(name, *split_failure(answer.error))

    def take_check_response(self, answer: wire_media.StreamStatusCheckResponse) -> None:
        """Settle a check; older clouds do not say which, and mean the oldest."""
        name = answer.request_id or next(iter(self._checks), "")
        self._requests.answer(name, answer)

    def take_stream_status(
        self, message: wire_media.CameraStreamStatus | wire_media.ManagedStreamStatus
    ) -> None:
        """Take in how a stream stands."""
        self._stream.update(wire_media.status_of(message))
