"""An app built with the official SDK, as a child process that tells everything that happens to it."""

import asyncio
import contextlib
import json
import os
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.sdk.packages import Family, Program
from tests.support.cloud import RegisteredApp
from tests.support.inbox import PATIENCE_SECONDS, Inbox, Item
from tests.support.offline import OFFLINE
from tests.support.stage import Person, Stage

START_SECONDS = 20
PREFIX = "PROBE "


@dataclass
class Probe:
    """A running probe app. `events` holds what it reported, `log` the SDK's own output.

    `trusted` is a certificate that it takes for good beside those of its runtime.
    """

    program: Program
    family: Family
    app: RegisteredApp
    port: int
    cloud_url: str
    streams: tuple[str, ...] = ()
    trusted: Path | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    events: Inbox = field(init=False)
    log: deque[str] = field(default_factory=lambda: deque(maxlen=400))
    _process: asyncio.subprocess.Process | None = None
    _reader: asyncio.Task[None] | None = None

    def __post_init__(self) -> None:
        self.events = Inbox(f"probe {self.family} {self.app.package_name}")

    async def start(self) -> None:
        """Start the process and wait until it takes webhooks; also after `kill`, on the same port."""
        self._process = await asyncio.create_subprocess_exec(
            *self.program.command(),
            cwd=self.program.folder,
            env=self._environment(),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            limit=1 << 22,
        )
        self._reader = asyncio.create_task(self._read(self._process))
        await self.take("listening", START_SECONDS)

    async def kill(self) -> None:
        """End it at once, as a crash does."""
        if self._process is None or self._reader is None:
            return
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()
        await self._reader
        self._process = None

    async def take(self, event: str, timeout_seconds: float = PATIENCE_SECONDS, **fields: Any) -> Item:
        """Return the oldest untaken report of `event` with these fields."""
        try:
            return await self.events.take(timeout_seconds, event=event, **fields)
        except AssertionError as failure:
            raise AssertionError(f"{failure}\nSDK output:\n{''.join(list(self.log)[-40:])}") from None

    async def back(self, timeout_seconds: float) -> None:
        """Wait until the app is connected again, be it by itself or by a new start."""
        ways = [
            asyncio.create_task(self.take(event, timeout_seconds)) for event in ("reconnected", "session")
        ]
        done, waiting = await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in waiting:
            way.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        for way in done:
            way.result()

    async def subscribed(self, stage: Stage, person: Person, *streams: str) -> None:
        """Wait until the cloud holds exactly these subscriptions of the app for `person`."""
        await stage.until_subscribed(person, self.app.package_name, *streams)

    def count(self, event: str, **fields: Any) -> int:
        return len(self.events.seen(event=event, **fields))

    async def order(self, command: str, **arguments: Any) -> None:
        """Let it do something and wait until that is done."""
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": command, **arguments}).encode() + b"\n")
        await self._process.stdin.drain()
        await self.take("done", command=command)

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        async for raw in process.stdout:
            line = raw.decode(errors="replace")
            if line.startswith(PREFIX):
                self.events.put(json.loads(line.removeprefix(PREFIX)))
            else:
                self.log.append(line)

    def _environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "HOME": os.environ.get("HOME", "/tmp"),  # noqa: S108 - Bun wants a home; it writes nothing secret there
            **OFFLINE,
            **({} if self.trusted is None else {"NODE_EXTRA_CA_CERTS": str(self.trusted)}),
            "PROBE_PACKAGE": self.app.package_name,
            "PROBE_API_KEY": self.app.api_key,
            "PROBE_PORT": str(self.port),
            "PROBE_CLOUD_URL": self.cloud_url,
            "PROBE_STREAMS": " ".join(self.streams),
            **self.environment,
        }
