"""Runs the code that the tour and the documents show, as somebody does who pasted it into a file."""

import asyncio
import contextlib
import os
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Mapping
from pathlib import Path
from typing import Self

import aiohttp

from tests.support.commands import ROOT
from tests.support.offline import OFFLINE

START_SECONDS = 20
POLL_SECONDS = 0.1


class TourProgram:
    """A file with code in a folder, run by a command; a context manager that returns once it serves on `port`."""

    def __init__(
        self, command: str, file: Path, code: str, port: int, environment: Mapping[str, str] | None = None
    ) -> None:
        self._command = command
        self._file = file
        self._port = port
        self._environment = {**os.environ, **OFFLINE, "PYTHONPATH": str(ROOT), **(environment or {})}
        self._process: Process | None = None
        file.write_text(code, encoding="utf-8")

    @classmethod
    def in_python(
        cls, folder: Path, code: str, port: int, environment: Mapping[str, str] | None = None
    ) -> Self:
        """Return the program in Python; the cloud's own folder is where it finds the SDK."""
        return cls(sys.executable, folder / "hello.py", code, port, environment)

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            self._command,
            str(self._file),
            cwd=self._file.parent,
            env=self._environment,
            stdin=DEVNULL,
            stdout=DEVNULL,
        )
        async with asyncio.timeout(START_SECONDS), aiohttp.ClientSession() as client:
            while not await self._serves(client):
                assert self._process.returncode is None, f"{self._file.name} ended by itself"
                await asyncio.sleep(POLL_SECONDS)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()

    async def _serves(self, client: aiohttp.ClientSession) -> bool:
        try:
            async with client.get(f"http://127.0.0.1:{self._port}/health") as answer:
                return answer.ok
        except aiohttp.ClientError:
            return False
