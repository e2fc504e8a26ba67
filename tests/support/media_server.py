"""A media server in memory: what it holds, what was asked of it, and failures on request."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sessions_app.media_servers.server import InputState, LiveInput, MediaServerError, Output

QUIET = InputState(False, False, None, None, None)
LIVE = InputState(True, True, None, None, None)


def place(name: str) -> LiveInput:
    """Return a place with every way to push and to watch."""
    return LiveInput(
        input_id=name,
        rtmp_url=f"rtmp://media.example/live/{name}-key",
        srt_url=f"srt://media.example:9000?streamid={name}-key",
        whip_url=f"https://media.example/{name}-key/whip",
        hls_url=f"https://media.example/{name}/hls.m3u8",
        dash_url=f"https://media.example/{name}/dash.mpd",
        webrtc_url=f"https://media.example/{name}/whep",
    )


@dataclass
class MemoryMediaServer:
    """Implements MediaServer. While `gate` is not set, `provision` waits; `failure` is raised by every call.

    `inputs` has the state of each place, None for that of all; those in `made_at` were made then, others now.
    """

    name: str = "memory"
    place: Callable[[str], LiveInput] = place
    inputs: dict[str, InputState | None] = field(default_factory=dict)
    state_of_all: InputState = QUIET
    made_at: dict[str, datetime] = field(default_factory=dict)
    owners: list[str] = field(default_factory=list)
    outputs: dict[str, Output] = field(default_factory=dict)
    removed: list[str] = field(default_factory=list)
    refused_url: str = ""
    failure: MediaServerError | None = None
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.gate.set()

    async def provision(self, owner: str, outputs: Sequence[tuple[str, str | None]] = ()) -> LiveInput:
        self.owners.append(owner)
        name = f"in{len(self.owners)}"
        await self.gate.wait()
        self._check()
        self.inputs[name] = None
        return self.place(name)

    async def state(self, input_id: str) -> InputState:
        self._check()
        if input_id not in self.inputs:
            raise MediaServerError("NOT_FOUND", "There is no such live input")
        return self.inputs[input_id] or self.state_of_all

    async def add_output(self, input_id: str, url: str, name: str | None) -> Output:
        self._check()
        if url == self.refused_url:
            raise MediaServerError("REFUSED", "not there")
        output = Output(f"out{len(self.outputs) + 1}", url, name)
        self.outputs[output.output_id] = output
        return output

    async def remove_output(self, input_id: str, output_id: str) -> None:
        self._check()
        del self.outputs[output_id]

    async def list_inputs(self) -> Sequence[tuple[str, datetime]]:
        self._check()
        now = datetime.now(UTC)
        return [(name, self.made_at.get(name, now)) for name in self.inputs]

    async def remove(self, input_id: str) -> None:
        self._check()
        self.removed.append(input_id)
        self.inputs.pop(input_id, None)

    def _check(self) -> None:
        if self.failure is not None:
            raise self.failure
