"""ffmpeg: where it is, and what it is told. No command holds more than it must: whoever lists processes reads them."""

import asyncio
import ctypes
import os
import shutil
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

HOW_TO_INSTALL: Final = (
    "ffmpeg was not found: install Debian's package ffmpeg, or `pip install -r requirements-media.txt`, "
    "or name the program by MEDIA_FFMPEG."
)
HLS_FILE: Final = "index.m3u8"
DASH_FILE: Final = "manifest.mpd"
SEGMENT_SECONDS: Final = 2
# What a list shows, and how many segments more are kept for players that are behind.
_LISTED: Final = 6
_KEPT: Final = 6
# Both lists name the same segments.
_SEGMENTS: Final = (
    *("-f", "dash", "-seg_duration", str(SEGMENT_SECONDS), "-window_size", str(_LISTED)),
    *("-extra_window_size", str(_KEPT), "-use_template", "1", "-use_timeline", "1"),
    *("-init_seg_name", "init-$RepresentationID$.m4s"),
    *("-media_seg_name", "chunk-$RepresentationID$-$Number%05d$.m4s"),
    *("-hls_playlist", "1", "-hls_master_name", HLS_FILE),
)
_PR_SET_PDEATHSIG: Final = 1
_LIBC: Final = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
_QUIET: Final = ("-hide_banner", "-nostats", "-loglevel", "error")
# How much is looked at before the first segment: enough to find sound that begins later than the picture.
_LOOKS: Final = ("-probesize", "1000000", "-analyzeduration", "1500000")
_FROM_PIPE: Final = (*_LOOKS, "-f", "flv", "-i", "pipe:0", "-c", "copy")


def find_ffmpeg(named: str = "") -> str | None:
    """Return the path of ffmpeg: the one that is named, else on PATH, else inside the wheel imageio-ffmpeg."""
    if named:
        return shutil.which(named)
    if found := shutil.which("ffmpeg"):
        return found
    try:
        import imageio_ffmpeg
    except ImportError:
        return None
    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError:
        return None


async def knows_srt(ffmpeg: str) -> bool:
    """Return whether an ffmpeg was built with SRT."""
    try:
        asked = await asyncio.create_subprocess_exec(
            *(ffmpeg, "-hide_banner", "-protocols"),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=surroundings(),
        )
    except OSError:
        return False
    told, _ = await asked.communicate()
    return b"srt" in told.split()


def surroundings() -> dict[str, str]:
    """Return the environment of a program: secrets of this deployment are in ours."""
    return {"LANG": "C.UTF-8", "PATH": os.environ.get("PATH", os.defpath)}


def end_with_us() -> None:
    """Run in a program that is about to start: have the kernel end it when this process dies (Linux)."""
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def packaging(ffmpeg: str, folder: Path) -> Sequence[str]:
    """Write what browsers play, from FLV on standard input, without encoding anew."""
    return (ffmpeg, *_QUIET, *_FROM_PIPE, *_SEGMENTS, str(folder / DASH_FILE))


def pushing(ffmpeg: str, url: str) -> Sequence[str]:
    """Push FLV from standard input on to an RTMP address."""
    return (ffmpeg, *_QUIET, *_FROM_PIPE, "-f", "flv", "-flvflags", "no_duration_filesize", url)


def taking_srt(ffmpeg: str, host: str, port: int, passphrase: str) -> Sequence[str]:
    """Wait for one publisher by SRT who knows the passphrase, and write FLV to standard output."""
    place = f"[{host}]" if ":" in host else host
    url = f"srt://{place}:{port}?mode=listener&passphrase={passphrase}&pbkeylen=16"
    output = ("-c", "copy", "-f", "flv", "-flvflags", "no_duration_filesize", "-flush_packets", "1", "pipe:1")
    return (ffmpeg, *_QUIET, "-nostdin", *_LOOKS, "-f", "mpegts", "-i", url, *output)
