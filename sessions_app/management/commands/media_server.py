"""`manage.py media_server`: take live video in and play it until SIGTERM."""

import asyncio
import sys
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from sessions_app.media_servers.choosing import shared_secret
from sessions_app.media_servers.local.process import ServerOptions, run_server


class Command(BaseCommand):
    """The media server of a deployment; one is enough."""

    help = "Runs the media server: video in by RTMP and SRT, out by HLS and DASH."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default=settings.MEDIA_SERVER_HOST, help="address to listen on")
        parser.add_argument(
            "--port", type=int, default=settings.MEDIA_SERVER_PORT, help="HTTP port: playback and control"
        )
        parser.add_argument("--rtmp-port", type=int, default=settings.MEDIA_RTMP_PORT)
        parser.add_argument(
            "--srt-port", type=int, default=settings.MEDIA_SRT_PORT, help="first UDP port of SRT"
        )

    def handle(self, *, host: str, port: int, rtmp_port: int, srt_port: int, **_: object) -> None:
        public_host = settings.MEDIA_INGEST_HOST or _public_host(host)
        options = ServerOptions(
            host=host,
            port=port,
            rtmp_port=rtmp_port,
            srt_port=srt_port,
            srt_count=settings.MEDIA_SRT_COUNT if srt_port else 0,
            folder=Path(settings.MEDIA_FOLDER or Path(settings.MENTRA_DATA_DIR) / "live"),
            secret=shared_secret(),
            most_inputs=settings.MEDIA_MOST_INPUTS,
            ffmpeg=settings.MEDIA_FFMPEG,
            public_url=settings.MEDIA_PLAYBACK_URL
            or (public_host and f"http://{_in_url(public_host)}:{port}"),
            public_host=public_host,
            public_rtmp_url=settings.MEDIA_RTMP_URL,
        )
        try:
            asyncio.run(run_server(options))
        except OSError as problem:
            self.stderr.write(f"media_server: {problem}")
            sys.exit(1)


def _public_host(host: str) -> str:
    """Return the host by which others reach a server that listens everywhere; "" when `host` itself is one."""
    everywhere = host in ("", "0.0.0.0", "::")  # noqa: S104 - compared only
    return urlsplit(settings.PUBLIC_URL).hostname or "" if everywhere else ""


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host
