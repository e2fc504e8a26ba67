"""Our own media server as nodes see it: a control address and a shared secret (`local/web.py` answers)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec

from sessions_app.media_servers.calling import Caller
from sessions_app.media_servers.server import InputState, LiveInput, MediaServerError, Output

NAME: Final = "local"


class _Listed(msgspec.Struct, rename="camel"):
    input_id: str
    created_at: datetime


class _List(msgspec.Struct):
    inputs: list[_Listed]


class OwnServer:
    """See MediaServer."""

    name = NAME

    def __init__(self, url: str, secret: str) -> None:
        self._caller = Caller("the media server", url, secret)

    async def provision(self, owner: str, outputs: Sequence[tuple[str, str | None]] = ()) -> LiveInput:
        """See MediaServer."""
        wish = {"owner": owner, "outputs": [{"url": url, "name": name} for url, name in outputs]}
        return await self._caller.ask("POST", "/control/inputs", LiveInput, wish)

    async def state(self, input_id: str) -> InputState:
        """See MediaServer."""
        return await self._caller.ask("GET", f"/control/inputs/{input_id}", InputState)

    async def add_output(self, input_id: str, url: str, name: str | None) -> Output:
        """See MediaServer."""
        path = f"/control/inputs/{input_id}/outputs"
        return await self._caller.ask("POST", path, Output, {"url": url, "name": name})

    async def remove_output(self, input_id: str, output_id: str) -> None:
        """See MediaServer."""
        await self._caller.tell("DELETE", f"/control/inputs/{input_id}/outputs/{output_id}")

    async def list_inputs(self) -> Sequence[tuple[str, datetime]]:
        """See MediaServer."""
        listed = await self._caller.ask("GET", "/control/inputs", _List)
        return [(one.input_id, one.created_at) for one in listed.inputs]

    async def remove(self, input_id: str) -> None:
        """See MediaServer."""
        try:
            await self._caller.tell("DELETE", f"/control/inputs/{input_id}")
        except MediaServerError as trouble:
            if trouble.code != "NOT_FOUND":
                raise
