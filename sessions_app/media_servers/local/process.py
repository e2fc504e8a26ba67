"""The media server from start to end: its doors, its folder, and how it leaves."""

import asyncio
import logging
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from sessions_app.media_servers.local.broadcast import Publisher
from sessions_app.media_servers.local.destinations import why_not
from sessions_app.media_servers.local.programs import HOW_TO_INSTALL, find_ffmpeg, knows_srt
from sessions_app.media_servers.local.rtmp.door import RtmpDoor
from sessions_app.media_servers.local.srt import SrtPorts
from sessions_app.media_servers.local.studio import Addresses, Studio
from sessions_app.media_servers.local.web import make_web

logger = logging.getLogger(__name__)

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_WEB_STOP_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """How a media server is to run. Ports 0: any; `srt_count` 0: no SRT.

    The public addresses are what browsers and glasses are told; "" for those it listens on.
    """

    host: str
    port: int
    rtmp_port: int
    srt_port: int
    srt_count: int
    folder: Path
    secret: str
    most_inputs: int
    ffmpeg: str = ""
    public_url: str = ""
    public_host: str = ""
    public_rtmp_url: str = ""


async def run_server(options: ServerOptions) -> None:
    """Serve until SIGTERM or SIGINT; raises OSError when it cannot listen, FileNotFoundError without ffmpeg."""
    stop = asyncio.Event()
    for number in STOP_SIGNALS:
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    server = LocalServer(options)
    try:
        await server.start()
        await stop.wait()
    finally:
        await server.stop()


class LocalServer:
    """All parts of the media server, put together."""

    def __init__(self, options: ServerOptions) -> None:
        ffmpeg = find_ffmpeg(options.ffmpeg)
        if ffmpeg is None:
            raise FileNotFoundError(HOW_TO_INSTALL)
        self._options = options
        self._ffmpeg = ffmpeg
        self._studio: Studio | None = None
        self._runner: web.AppRunner | None = None
        self._door = RtmpDoor(self._admit)
        self.url = ""
        self.rtmp_port = 0

    async def start(self) -> None:
        """Listen for nodes, viewers and publishers; raises OSError."""
        options = self._options
        options.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        listening = _listen(options.host, options.port)
        port = int(listening.getsockname()[1])
        self.rtmp_port = await self._door.open(options.host, options.rtmp_port)
        self.url = f"http://{_in_url(_reachable(options.host))}:{port}"
        has_srt = options.srt_count > 0 and await knows_srt(self._ffmpeg)
        if options.srt_count and not has_srt:
            logger.warning("%s knows no SRT: video comes in by RTMP only.", self._ffmpeg)
        self._studio = self._make_studio(options.srt_count if has_srt else 0)
        await self._studio.open()
        app = make_web(self._studio, options.folder, options.secret)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=_WEB_STOP_SECONDS)
        await self._runner.setup()
        await web.SockSite(self._runner, listening).start()
        logger.info("The media server listens on %s and for RTMP on port %d.", self.url, self.rtmp_port)

    async def stop(self) -> None:
        """Send everybody away and end all programs; keys and inputs stay for the next start."""
        if self._runner is not None:
            await self._runner.cleanup()
        await self._door.close()
        if self._studio is not None:
            await self._studio.close()

    def _make_studio(self, srt_count: int) -> Studio:
        options = self._options
        host = options.public_host or _reachable(options.host)
        addresses = Addresses(
            playback=options.public_url.rstrip("/") or self.url,
            rtmp=options.public_rtmp_url.rstrip("/") or f"rtmp://{_in_url(host)}:{self.rtmp_port}",
            srt_host=_in_url(host),
            srt_bind=options.host,
        )
        ports = SrtPorts(options.srt_port, srt_count)
        return Studio(
            self._ffmpeg,
            options.folder,
            most=options.most_inputs,
            addresses=addresses,
            ports=ports,
            refuse=why_not,
        )

    async def _admit(self, key: str, hang_up: Callable[[], None]) -> Publisher | None:
        return await self._studio.admit(key, hang_up) if self._studio is not None else None


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family)


def _reachable(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)  # noqa: S104 - compared only


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host
