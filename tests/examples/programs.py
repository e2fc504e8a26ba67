"""The example apps as programs of their own."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import aiohttp

from tests.mentra_sdk.fake_cloud import FakeCloud

ROOT = Path(__file__).resolve().parent.parent.parent
START_SECONDS = 20
POLL_SECONDS = 0.1


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


@contextlib.asynccontextmanager
async def running(module: str, environment: Mapping[str, str], url: str) -> AsyncIterator[None]:
    """Run a program, which answers at `url`, until it is told to stop, and see that it stops."""
    program = await run_program(module, environment)
    try:
        async with asyncio.timeout(START_SECONDS), aiohttp.ClientSession() as http:
            while not await _answers(http, f"{url}/health"):
                assert program.returncode is None
                await asyncio.sleep(POLL_SECONDS)
        yield
    finally:
        program.terminate()
        await program.communicate()
    # Uvicorn ends with the signal once it has tidied up.
    assert program.returncode in (0, -signal.SIGTERM)


async def _answers(http: aiohttp.ClientSession, url: str) -> bool:
    try:
        async with http.get(url) as answer:
            return answer.ok
    except aiohttp.ClientError:
        return False


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
