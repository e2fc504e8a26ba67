"""The example apps as programs of their own."""

import asyncio
import os
import sys
from collections.abc import Mapping
from pathlib import Path

import aiohttp

from tests.mentra_sdk.fake_cloud import FakeCloud

ROOT = Path(__file__).resolve().parent.parent.parent
START_SECONDS = 20


async def run_program(module: str, environment: Mapping[str, str]) -> asyncio.subprocess.Process:
    """Start `python -m module` with this environment and nothing else."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        stderr=asyncio.subprocess.PIPE,
    )


async def announced(program: asyncio.subprocess.Process) -> None:
    """Return once the program says that it listens."""
    assert program.stderr is not None
    async with asyncio.timeout(START_SECONDS):
        while b"listens on port" not in await program.stderr.readline():
            pass


async def take_user(cloud: FakeCloud, port: int) -> None:
    """Call the program as the cloud does when a user starts the app."""
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"http://127.0.0.1:{port}/webhook", json=cloud.session_request()) as response,
    ):
        assert response.status == 200
