"""The inputs that were provisioned, with their keys: kept in one small file, so that they outlive this process."""

import hmac
import logging
import os
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

from sessions_app.media_servers.server import MediaServerError

logger = logging.getLogger(__name__)

FILE_NAME: Final = "inputs.json"
MOST_OUTPUTS: Final = 10
_ID_BYTES: Final = 16


class KeptOutput(msgspec.Struct, rename="camel"):
    """An address that the video is pushed on to."""

    output_id: str
    url: str
    name: str | None = None


class Input(msgspec.Struct, rename="camel"):
    """What was provisioned: the key is for RTMP, the passphrase for SRT; both are secret. `input_id` is for viewers."""

    input_id: str
    key: str
    passphrase: str
    owner: str
    created_at: datetime
    outputs: list[KeptOutput] = msgspec.field(default_factory=list)


class Inputs:
    """All inputs of one server."""

    def __init__(self, folder: Path, most: int) -> None:
        self._path = folder / FILE_NAME
        self._most = most
        self._by_id = {one.input_id: one for one in _read(self._path)}

    def __iter__(self) -> Iterator[Input]:
        return iter(list(self._by_id.values()))

    def __len__(self) -> int:
        return len(self._by_id)

    def get(self, input_id: str) -> Input:
        """Return an input; raises MediaServerError."""
        if (found := self._by_id.get(input_id)) is None:
            raise MediaServerError("NOT_FOUND", "There is no such live input")
        return found

    def with_key(self, key: str) -> Input | None:
        """Return the input whose key this is, looking at all of them, so that time tells nothing."""
        matching = [one for one in self if hmac.compare_digest(one.key.encode(), key.encode())]
        return matching[0] if matching else None

    def make(self, owner: str) -> Input:
        """Make an input with keys nobody can guess; raises MediaServerError when there are too many."""
        if len(self._by_id) >= self._most:
            raise MediaServerError("UNAVAILABLE", f"The media server has {self._most} live inputs, its most")
        new = [secrets.token_hex(_ID_BYTES) for _ in range(3)]
        made = Input(new[0], new[1], new[2], owner, datetime.now(UTC))
        self._by_id[made.input_id] = made
        self._write()
        return made

    def add_output(self, input_id: str, url: str, name: str | None) -> KeptOutput:
        """Note a further output; raises MediaServerError."""
        known = self.get(input_id)
        if len(known.outputs) >= MOST_OUTPUTS:
            raise MediaServerError("MAX_OUTPUTS_REACHED", f"A live input has at most {MOST_OUTPUTS} outputs")
        made = KeptOutput(secrets.token_hex(8), url, name)
        known.outputs.append(made)
        self._write()
        return made

    def remove_output(self, input_id: str, output_id: str) -> None:
        """Forget an output; raises MediaServerError."""
        known = self.get(input_id)
        if not any(one.output_id == output_id for one in known.outputs):
            raise MediaServerError("NOT_FOUND", "There is no such output")
        known.outputs = [one for one in known.outputs if one.output_id != output_id]
        self._write()

    def remove(self, input_id: str) -> None:
        """Forget an input, if there is one."""
        if self._by_id.pop(input_id, None) is not None:
            self._write()

    def _write(self) -> None:
        draft = self._path.with_suffix(".new")
        draft.touch(mode=0o600)
        draft.write_bytes(msgspec.json.encode(list(self._by_id.values())))
        os.replace(draft, self._path)


def _read(path: Path) -> list[Input]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=list[Input])
    except FileNotFoundError:
        return []
    except msgspec.MsgspecError as trouble:
        logger.warning("%s cannot be read (%s); its live inputs are forgotten.", path, trouble)
        return []
