"""A media server in memory whose inputs have a state each."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sessions_app.media_servers.server import InputState, LiveInput, MediaServerError, Output

QUIET = InputState(False, False, None, None, None)


@dataclass
class FakeServer:
    """Does what it is asked, and fails with `trouble` when it is set."""

    name: str = "fake"
    trouble: MediaServerError | None = None
    inputs: dict[str, InputState] = field(default_factory=dict)
    owners: list[str] = field(default_factory=list)
    outputs: list[Output] = field(default_factory=list)
    refused_url: str = ""

    async def provision(self, owner: str, outputs: Sequence[tuple[str, str | None]] = ()) -> LiveInput:
        """See MediaServer."""
        self._fail()
        input_id = f"input-{len(self.owners)}"
        self.owners.append(owner)
        self.inputs[input_id] = QUIET
        place = f"https://play.example/{input_id}"
        return LiveInput(
            input_id, f"rtmp://in.example/{input_id}", None, None, f"{place}.m3u8", f"{place}.mpd", None
        )

    async def state(self, input_id: str) -> InputState:
        """See MediaServer."""
        self._fail()
        if input_id not in self.inputs:
            raise MediaServerError("NOT_FOUND", "There is no such live input")
        return self.inputs[input_id]

    async def add_output(self, input_id: str, url: str, name: str | None) -> Output:
        """See MediaServer."""
        self._fail()
        if url == self.refused_url:
            raise MediaServerError("REFUSED", "not there")
        self.outputs.append(Output(f"output-{len(self.outputs)}", url, name))
        return self.outputs[-1]

    async def remove_output(self, input_id: str, output_id: str) -> None:
        """See MediaServer."""
        self._fail()
        self.outputs = [one for one in self.outputs if one.output_id != output_id]

    async def list_inputs(self) -> Sequence[tuple[str, datetime]]:
        """See MediaServer."""
        self._fail()
        return [(input_id, datetime.now(UTC)) for input_id in self.inputs]

    async def remove(self, input_id: str) -> None:
        """See MediaServer."""
        self._fail()
        self.inputs.pop(input_id, None)

    def _fail(self) -> None:
        if self.trouble is not None:
            raise self.trouble
