"""What a server for live video must offer; the rest of the cloud knows media servers by this alone (media.md §6).

Pure. Calls await the network, bounded in time; each raises MediaServerError when it cannot be done.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class LiveInput:
    """A place to push video to, and where it can be watched.

    The addresses for pushing hold the secret key: they are for the glasses only. None: the server does not offer it.
    """

    input_id: str
    rtmp_url: str
    srt_url: str | None
    whip_url: str | None
    hls_url: str
    dash_url: str
    webrtc_url: str | None


@dataclass(frozen=True, slots=True)
class Output:
    """A further address that the video is pushed on to."""

    output_id: str
    url: str
    name: str | None


@dataclass(frozen=True, slots=True)
class InputState:
    """How an input is: whether somebody pushes, whether it can be watched, and how many watch (None: unknown)."""

    is_connected: bool
    is_playable: bool
    connected_at: datetime | None
    disconnected_at: datetime | None
    viewers: int | None


class MediaServerError(Exception):
    """Why a media server did not do something.

    `code`: `UNAVAILABLE` (try again later), `NOT_FOUND`, `REFUSED` or `MAX_OUTPUTS_REACHED`. The message may be
    shown to an app; it holds no key.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class MediaServer(Protocol):
    """A server for live video."""

    name: str

    async def provision(self, owner: str, outputs: Sequence[tuple[str, str | None]] = ()) -> LiveInput:
        """Make an input for `owner`, with (address, name) of its first outputs."""

    async def state(self, input_id: str) -> InputState:
        """Return how an input is."""

    async def add_output(self, input_id: str, url: str, name: str | None) -> Output:
        """Push the video on to a further address, also while somebody is live."""

    async def remove_output(self, input_id: str, output_id: str) -> None:
        """Stop pushing to an address."""

    async def list_inputs(self) -> Sequence[tuple[str, datetime]]:
        """Return id and time of creation of every input, for the sweeper."""

    async def remove(self, input_id: str) -> None:
        """End an input with everything recorded of it; one that is gone already is no error."""
