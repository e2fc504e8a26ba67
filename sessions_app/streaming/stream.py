"""One camera stream: what was asked, where it stands and who has to do with it. Fields, and no decisions.

It travels in the session's snapshot to the next owner, so everything here is JSON-able. Addresses with keys in them
stay here: neither rows nor logs get them.
"""

from datetime import datetime

import msgspec

from sessions_app.media_servers.server import LiveInput
from sessions_app.protocol.fragments import AudioOptions, StreamOptions, VideoOptions
from sessions_app.states import StreamKind, StreamState
from sessions_app.streaming.rules import ENDS, told_status


class Wish(msgspec.Struct, frozen=True):
    """What was asked of the camera; `destinations` are (address, name) that a managed stream is sent on to."""

    video: VideoOptions | None = None
    audio: AudioOptions | None = None
    stream: StreamOptions | None = None
    sound: bool = True
    destinations: list[tuple[str, str | None]] = []

    @property
    def limit_seconds(self) -> float | None:
        """How long the stream may be live, if that was said."""
        limit = None if self.stream is None else self.stream.duration_limit
        return float(limit) if limit is not None and limit > 0 else None


class SentOn(msgspec.Struct):
    """An address a managed stream is sent on to, for the app that asked. Without `output_id` it failed: `error`."""

    url: str
    name: str | None
    package_name: str
    output_id: str = ""
    error: str = ""


class Stream(msgspec.Struct, kw_only=True):
    """A stream of one session.

    `push_url` is where the glasses bring the video, empty while that is not known. `why` explains an end; `told` is
    what each app was told last, by package; `resolved_config` is the glasses' JSON.
    """

    stream_id: str
    kind: StreamKind
    owner: str
    wish: Wish
    started_at: datetime
    state: StreamState
    push_url: str = ""
    viewers: list[str] = []
    active_at: datetime | None = None
    place: LiveInput | None = None
    may_be_watched: bool = False
    sent_on: list[SentOn] = []
    why: str = ""
    resolved_config: str = ""
    told: dict[str, str] = {}

    @property
    def is_over(self) -> bool:
        """Whether it ended."""
        return self.state in ENDS

    @property
    def status(self) -> str:
        """How it stands, as apps are told."""
        return told_status(self.kind, self.state, may_be_watched=self.may_be_watched)

    def concerns(self, package_name: str) -> bool:
        """Whether an app owns or watches it."""
        return package_name == self.owner or package_name in self.viewers
