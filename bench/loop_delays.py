"""How late a node's event loop was between two looks at its /metrics."""

import asyncio
import re
import urllib.request
from collections.abc import Mapping

FAMILY = "mentra_event_loop_delay_seconds_bucket"
_LINE = re.compile(rf'^{FAMILY}{{le="([^"]+)"}} (\S+)$', re.MULTILINE)

Buckets = Mapping[float, float]


async def look(port: int) -> Buckets:
    """Return how many delays there were up to each length since the node began."""
    return read(await asyncio.to_thread(_fetch, port))


def read(page: str) -> Buckets:
    """Return the buckets in a page of metrics."""
    return {float(bound): float(count) for bound, count in _LINE.findall(page)}


def delay_within(before: Buckets, after: Buckets, share: float) -> float:
    """Return the bound, in seconds, within which `share` of the delays between two looks stayed."""
    counts = {bound: after[bound] - before.get(bound, 0.0) for bound in sorted(after)}
    wanted = share * max(counts.values(), default=0.0)
    return next((bound for bound, count in counts.items() if count >= wanted), float("inf"))


def _fetch(port: int) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:  # noqa: S310 - our node
        page: bytes = answer.read()
    return page.decode()
