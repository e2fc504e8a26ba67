"""Asks a node's probes as a load balancer does, and a cloud's rows what happened to a session."""

import asyncio
import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import NamedTuple

from tests.support.cloud import Cloud

POLL_SECONDS = 0.2
_TRANSITIONS = """
import json
from sessions_app.models import SessionTransition
moves = SessionTransition.objects.filter(session={session!r}, package_name="").order_by("id")
print(json.dumps(list(moves.values_list("to_state", flat=True))))
"""


class Probed(NamedTuple):
    """The answer of a probe: HTTP status, body, and how long it took."""

    status: int
    body: str
    seconds: float

    @property
    def missing(self) -> list[str]:
        """What /health names as missing."""
        named: list[str] = json.loads(self.body)["missing"]
        return named


async def probe(cloud: Cloud, path: str, *, node: int = 0) -> Probed:
    """Ask a probe of a node."""
    return await asyncio.to_thread(_probe, f"http://127.0.0.1:{cloud.port + node}{path}")


def _probe(url: str) -> Probed:
    began = time.monotonic()
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:  # noqa: S310 - an address of this machine
            status, body = answer.status, answer.read()
    except urllib.error.HTTPError as refusal:
        status, body = refusal.code, refusal.read()
    return Probed(status, body.decode(), time.monotonic() - began)


async def until_health(
    cloud: Cloud, what: str, holds: Callable[[Probed], bool], timeout_seconds: float = 40, *, node: int = 0
) -> Probed:
    """Return the answer of /health once `holds(answer)`; `what` says in words what was waited for."""
    deadline = time.monotonic() + timeout_seconds
    while not holds(answer := await probe(cloud, "/health", node=node)):
        assert time.monotonic() < deadline, f"not within {timeout_seconds} s: {what}; {answer.body}"
        await asyncio.sleep(POLL_SECONDS)
    return answer


async def until_well(cloud: Cloud, *, node: int = 0) -> None:
    """Return once nothing is missing any more."""
    await until_health(cloud, "nothing is missing", lambda answer: answer.status == 200, node=node)


async def transitions(cloud: Cloud, session_id: str) -> list[str]:
    """Return the states a session went through, from its history."""
    code = _TRANSITIONS.format(session=session_id)
    states: list[str] = json.loads(await asyncio.to_thread(cloud.run, "shell", "-v", "0", "-c", code))
    return states
