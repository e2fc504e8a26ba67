"""When is the cloud up? Each question is asked until it is answered, its process dies or time is out."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import redis.asyncio
from redis.exceptions import RedisError

from mentra_site.supervisor.child import Child
from mentra_site.supervisor.errors import StartFailed

START_SECONDS = 60.0
POLL_SECONDS = 0.05
ANSWER_SECONDS = 2.0

Probe = Callable[[], Awaitable[bool]]


async def wait_until_ready(child: Child, probe: Probe, seconds: float = START_SECONDS) -> None:
    """Return once `probe` says yes; raise StartFailed when the child dies first or the time is over."""
    deadline = time.monotonic() + seconds
    while not await probe():
        if child.deaths:
            raise StartFailed(
                f"{child.name} ended while starting ({child.last_exit}); its last lines say why."
            )
        if time.monotonic() >= deadline:
            raise StartFailed(
                f"{child.name} did not answer within {seconds:.0f} s; its last lines may say why."
            )
        await asyncio.sleep(POLL_SECONDS)


def answers_livez(host: str, port: int) -> Probe:
    """Ask a node whether it is alive."""

    async def probe() -> bool:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                reader, writer = await asyncio.open_connection(host, port)
                try:
                    writer.write(b"GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                    status = await reader.readline()
                finally:
                    writer.close()
        except (OSError, TimeoutError):
            return False
        return b" 200 " in status

    return probe


def accepts_connections(host: str, port: int) -> Probe:
    """Ask whether anybody listens on a port."""

    async def probe() -> bool:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                _, writer = await asyncio.open_connection(host, port)
        except (OSError, TimeoutError):
            return False
        writer.close()
        return True

    return probe


def has_reported(redis_url: str, heartbeat_key: str, since: float) -> Probe:
    """Ask whether worker or beat has shown after `since` (unix time) that it works."""
    client = redis.asyncio.from_url(redis_url, socket_timeout=ANSWER_SECONDS)

    async def probe() -> bool:
        try:
            written = await client.get(heartbeat_key)
        except RedisError:
            return False
        return written is not None and float(written) >= since

    return probe
