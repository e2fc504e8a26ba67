"""Our media server without its doors: what nodes ask for, done (the methods of `server.MediaServer`)."""

import asyncio
import logging
import re
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

from sessions_app.media_servers.local import programs
from sessions_app.media_servers.local.broadcast import Broadcast, Publisher
from sessions_app.media_servers.local.inputs import Input, Inputs
from sessions_app.media_servers.local.rtmp.door import APP
from sessions_app.media_servers.local.srt import SrtListener, SrtPorts
from sessions_app.media_servers.local.viewers import Viewers
from sessions_app.media_servers.server import InputState, LiveInput, MediaServerError, Output

logger = logging.getLogger(__name__)

FOLDER_OF_INPUT: Final = re.compile(r"^[0-9a-f]{32}$")


@dataclass(frozen=True, slots=True)
class Addresses:
    """What glasses and browsers are told; no slash at the end. `srt_bind` is where SRT is listened for."""

    playback: str
    rtmp: str
    srt_host: str
    srt_bind: str


MayPushTo = Callable[[str], str | None]
"""Says why an address is not pushed to, None when it may be; looks up its host, so it blocks."""


class Studio:
    """All inputs, and who is live at them."""

    def __init__(
        self,
        ffmpeg: str,
        folder: Path,
        *,
        most: int,
        addresses: Addresses,
        ports: SrtPorts,
        refuse: MayPushTo,
    ) -> None:
        self._ffmpeg = ffmpeg
        self._folder = folder
        self._addresses = addresses
        self._ports = ports
        self._refuse = refuse
        self._broadcasts: dict[str, Broadcast] = {}
        self._listeners: dict[str, SrtListener] = {}
        self._inputs = Inputs(folder, most)
        self._viewers = Viewers()

    async def open(self) -> None:
        """Take up the inputs that were there before, and clear what is left of others."""
        known = {one.input_id for one in self._inputs}
        for left in self._folder.iterdir():
            if FOLDER_OF_INPUT.match(left.name) and left.name not in known:
                await asyncio.to_thread(shutil.rmtree, left, ignore_errors=True)
        for one in self._inputs:
            await self._open(one)

    async def close(self) -> None:
        """End everybody's video; the inputs stay."""
        await asyncio.gather(*(listener.close() for listener in self._listeners.values()))
        await asyncio.gather(*(broadcast.close() for broadcast in self._broadcasts.values()))

    async def admit(self, key: str, hang_up: Callable[[], None]) -> Publisher | None:
        """Return who takes the video that is pushed under a key; None for a wrong key."""
        known = self._inputs.with_key(key)
        if known is None:
            logger.info("Somebody tried to publish with an unknown key.")
            return None
        return await self._broadcasts[known.input_id].admit(hang_up)

    async def provision(self, owner: str, outputs: Sequence[tuple[str, str | None]] = ()) -> LiveInput:
        """See MediaServer."""
        for url, _ in outputs:
            await self._check(url)
        made = self._inputs.make(owner)
        try:
            for url, name in outputs:
                self._inputs.add_output(made.input_id, url, name)
        except MediaServerError:
            self._inputs.remove(made.input_id)
            raise
        await self._open(made)
        return self.describe(made)

    async def state(self, input_id: str) -> InputState:
        """See MediaServer."""
        self._inputs.get(input_id)
        live = self._broadcasts[input_id]
        is_playable = live.is_packaged and (self._folder / input_id / programs.HLS_FILE).exists()
        viewers = self._viewers.count(input_id, time.monotonic())
        return InputState(live.is_connected, is_playable, live.connected_at, live.disconnected_at, viewers)

    def saw_viewer(self, input_id: str, who: str) -> None:
        """Hear that somebody watches."""
        self._viewers.saw(input_id, who, time.monotonic())

    async def add_output(self, input_id: str, url: str, name: str | None) -> Output:
        """See MediaServer."""
        await self._check(url)
        made = self._inputs.add_output(input_id, url, name)
        await self._broadcasts[input_id].add_output(made.output_id, partial(self._push, url))
        return Output(made.output_id, url, name)

    async def remove_output(self, input_id: str, output_id: str) -> None:
        """See MediaServer."""
        self._inputs.remove_output(input_id, output_id)
        await self._broadcasts[input_id].remove_output(output_id)

    def list_inputs(self) -> Sequence[tuple[str, datetime]]:
        """See MediaServer."""
        return [(one.input_id, one.created_at) for one in self._inputs]

    async def remove(self, input_id: str) -> None:
        """See MediaServer."""
        self._inputs.remove(input_id)
        if (listener := self._listeners.pop(input_id, None)) is not None:
            await listener.close()
        self._ports.give_back(input_id)
        self._viewers.forget(input_id)
        if (live := self._broadcasts.pop(input_id, None)) is not None:
            await live.close()
            await asyncio.to_thread(shutil.rmtree, self._folder / input_id, ignore_errors=True)

    def describe(self, one: Input) -> LiveInput:
        """Return the addresses of an input."""
        told = self._addresses
        port = self._ports.take(one.input_id)
        srt = f"srt://{told.srt_host}:{port}?passphrase={one.passphrase}&pbkeylen=16"
        place = f"{told.playback}/{APP}/{one.input_id}"
        return LiveInput(
            input_id=one.input_id,
            rtmp_url=f"{told.rtmp}/{APP}/{one.key}",
            srt_url=srt if port is not None else None,
            whip_url=None,
            hls_url=f"{place}/{programs.HLS_FILE}",
            dash_url=f"{place}/{programs.DASH_FILE}",
            webrtc_url=None,
        )

    async def _open(self, one: Input) -> None:
        live = Broadcast(one.input_id[:8], partial(self._package, one.input_id))
        self._broadcasts[one.input_id] = live
        for output in one.outputs:
            await live.add_output(output.output_id, partial(self._push, output.url))
        if (port := self._ports.take(one.input_id)) is not None:
            command = programs.taking_srt(self._ffmpeg, self._addresses.srt_bind, port, one.passphrase)
            self._listeners[one.input_id] = SrtListener(f"SRT for {one.input_id[:8]}", command, live.admit)

    def _package(self, input_id: str) -> Sequence[str]:
        """Begin in an empty folder: a list must not name segments of another film."""
        folder = self._folder / input_id
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        return programs.packaging(self._ffmpeg, folder)

    def _push(self, url: str) -> Sequence[str] | None:
        """Look at the host again at every start: its name may lead elsewhere by now."""
        if (why := self._refuse(url)) is not None:
            logger.warning("An output is not pushed to: %s", why)
            return None
        return programs.pushing(self._ffmpeg, url)

    async def _check(self, url: str) -> None:
        if (why := await asyncio.to_thread(self._refuse, url)) is not None:
            raise MediaServerError("REFUSED", why)
