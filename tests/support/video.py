"""Generated video for tests of live video, and a media server in the test's own process."""

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sessions_app.media_servers.local.process import LocalServer, ServerOptions
from sessions_app.media_servers.own import OwnServer
from tests.support.ports import free_port

SECRET = "shared-by-nodes-and-server"
_PICTURE = ("-re", "-f", "lavfi", "-i", "testsrc=size=320x180:rate=15", "-f", "lavfi", "-i", "sine")
_CODED = (
    "-c:v",
    "libx264",
    "-preset",
    "ultrafast",
    "-tune",
    "zerolatency",
    "-g",
    "15",
    "-pix_fmt",
    "yuv420p",
)


def needs_ffmpeg() -> None:
    """Skip the test where no ffmpeg is installed."""
    if shutil.which("ffmpeg") is None:
        pytest.skip("needs ffmpeg, Debian's package of that name")


def server_options(folder: Path, srt_count: int = 0) -> ServerOptions:
    """Return how a server of a test runs: on free ports of this machine."""
    srt_port = free_port(srt_count) if srt_count else 0
    return ServerOptions(
        host="127.0.0.1",
        port=0,
        rtmp_port=0,
        srt_port=srt_port,
        srt_count=srt_count,
        folder=folder,
        secret=SECRET,
        most_inputs=5,
    )


@contextlib.asynccontextmanager
async def running_server(options: ServerOptions) -> AsyncIterator[OwnServer]:
    """Run a media server and give it as nodes see it."""
    server = LocalServer(options)
    await server.start()
    try:
        yield OwnServer(server.url, SECRET)
    finally:
        await server.stop()


@contextlib.asynccontextmanager
async def pushing(url: str, form: str = "flv") -> AsyncIterator[asyncio.subprocess.Process]:
    """Push a moving picture and a tone to an address until the block ends."""
    command = ("ffmpeg", "-nostdin", "-loglevel", "error", *_PICTURE, "-t", "30", *_CODED, "-c:a", "aac")
    process = await asyncio.create_subprocess_exec(
        *command, "-f", form, url, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
