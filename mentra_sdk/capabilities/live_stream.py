"""The live stream of one session: whether it runs, where it is watched, and its news without repetitions."""

from mentra_sdk import wire_media
from mentra_sdk.errors import RequestRefused
from mentra_sdk.handlers import Handler, Subscription
from mentra_sdk.listeners import Listeners
from mentra_sdk.live_video import StreamStatus, StreamUrls
from mentra_sdk.outbox import Send
from mentra_sdk.refusals import split_failure
from mentra_sdk.requests import Requests

START_SECONDS = 30.0
STREAMS = ("stream_status", "managed_stream_status")
STARTING = "camera stream"
CONFLICT = "STREAM_CONFLICT"


class LiveStream:
    """At most one stream at a time. The messages about it name no request, so that a start is matched by its kind."""

    def __init__(self, package_name: str, send: Send, requests: Requests, listeners: Listeners) -> None:
        self.status: StreamStatus | None = None
        self.urls: StreamUrls | None = None
        self._package_name = package_name
        self._send = send
        self._requests = requests
        self._listeners = listeners
        self._latest: dict[bool, StreamStatus] = {}
        self._is_managed: bool | None = None
        self._stream_id: str | None = None
        self._stopped_ids: set[str] = set()

    @property
    def is_running(self) -> bool:
        """Tell whether there is a stream of this app, or one that it is about to have."""
        return self._is_managed is not None or self._left_behind() is not None

    async def start(
        self,
        request: wire_media.StreamRequest | wire_media.ManagedStreamRequest,
        *,
        is_managed: bool,
        timeout_seconds: float,
    ) -> StreamUrls | None:
        """Ask for a stream and return where it can be watched, if the cloud has it; raises RequestFailed."""
        if self._is_managed is not None:
            raise RequestRefused(CONFLICT, "the app streams already; stop that stream first")
        self._is_managed, self._stream_id = is_managed, None
        try:
            first = await self._requests.ask(
                request, STARTING, answer=StreamStatus, timeout_seconds=timeout_seconds
            )
        except RequestRefused:
            self._forget()
            raise
        except BaseException:
            # Nobody waits for it any more, and a camera must not go on unknown to its app.
            self.stop()
            raise
        return first.urls

    def stop(self) -> None:
        """Have the stream ended, if there is one."""
        left = self._left_behind()
        if self._is_managed is None and left is not None:
            self._is_managed, self._stream_id = left.is_managed, left.stream_id
        if self._is_managed is None:
            return
        if self._is_managed:
            self._send(wire_media.ManagedStreamStop())
        else:
            self._send(wire_media.StreamStop(stream_id=self._stream_id))
        if self._stream_id is not None:
            self._stopped_ids.add(self._stream_id)
        self._forget()

    def on_status(self, handler: Handler[StreamStatus]) -> Subscription:
        """Call `handler` with each news of a stream."""
        return self._listeners.add(handler, keys=STREAMS[:1], kind=StreamStatus, streams=STREAMS)

    def update(self, status: StreamStatus) -> None:
        """Take in how a stream stands, and tell it unless it was told before."""
        if self._is_own(status):
            self._follow(status)
        if self._latest.get(status.is_managed) != status:
            self._latest[status.is_managed] = self.status = status
            self._listeners.deliver_event(STREAMS[0], status)

    def _left_behind(self) -> StreamStatus | None:
        """Return the stream that runs since an earlier session of the app: the cloud told of it at the start."""
        for status in self._latest.values():
            is_ours = status.is_managed or status.app_id == self._package_name
            if is_ours and not status.is_over and status.stream_id not in self._stopped_ids:
                return status
        return None

    def _is_own(self, status: StreamStatus) -> bool:
        if status.is_managed != self._is_managed or status.stream_id in self._stopped_ids:
            return False
        return status.is_managed or status.app_id in (None, self._package_name)

    def _follow(self, status: StreamStatus) -> None:
        if status.is_over:
            self._requests.refuse(STARTING, *_reason_of(status))
            self._forget()
            return
        self._stream_id = status.stream_id or self._stream_id
        self.urls = status.urls or self.urls
        if not status.is_managed or status.urls is not None:
            self._requests.answer(STARTING, status)

    def _forget(self) -> None:
        self._is_managed = self._stream_id = self.urls = None


def _reason_of(status: StreamStatus) -> tuple[str, str]:
    code, sentence = split_failure(status.message)
    return (code, sentence) if status.message else ("STREAM_CREATE_FAILED", f"the stream is {status.status}")
