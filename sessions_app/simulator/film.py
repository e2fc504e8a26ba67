"""How the simulated glasses stream: they say how it fares and answer keep-alives (glasses-socket §4.4, §5.5).

No video is made. Pushing some to `url` is up to whoever plays.
"""

from dataclasses import dataclass

from sessions_app.protocol.base import GlassesMessage, ToGlasses
from sessions_app.protocol.cloud_to_glasses import (
    KeepRtmpStreamAlive,
    KeepStreamAlive,
    StartRtmpStream,
    StartStream,
    StopRtmpStream,
    StopStream,
)
from sessions_app.protocol.glasses_to_cloud import KeepAliveAck, StreamStatus


@dataclass
class Film:
    """The camera's stream: its id and where it goes, both empty while none runs. With `error` every start fails."""

    stream_id: str = ""
    url: str = ""
    error: str | None = None

    def answers(self, request: ToGlasses) -> list[GlassesMessage]:
        """Do what `request` asks of the stream and return what the phone says; nothing for other requests."""
        match request:
            case StartStream():
                return self._start(request.stream_id, request.stream_url)
            case StartRtmpStream():
                return self._start(request.stream_id, request.rtmp_url)
            case StopStream() | StopRtmpStream():
                if request.stream_id == self.stream_id:
                    self.stream_id = self.url = ""
                return [_status(request.stream_id, "stopped")]
            case KeepStreamAlive() | KeepRtmpStreamAlive() if request.stream_id == self.stream_id:
                return [KeepAliveAck(stream_id=request.stream_id, ack_id=request.ack_id)]
        return []

    def _start(self, stream_id: str, url: str) -> list[GlassesMessage]:
        if self.error is not None:
            return [_status(stream_id, "error", self.error)]
        self.stream_id, self.url = stream_id, url
        return [_status(stream_id, "initializing"), _status(stream_id, "active")]


def _status(stream_id: str, status: str, why: str | None = None) -> StreamStatus:
    return StreamStatus(status=status, stream_id=stream_id, error_details=why)
