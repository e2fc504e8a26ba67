"""App sockets that came before their user: they wait here until the session opens (lifecycle §8.7)."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field

from sessions_app.outbound import metrics
from sessions_app.outbound.link import Link
from sessions_app.protocol.codes import CloseCode, CloseReason

MOST_PARKED = 5_000
# One app's server that comes back with everybody it ever had must leave room for the others.
MOST_PARKED_OF_AN_APP = 4_000


@dataclass(slots=True, eq=False)
class _Parked:
    link: Link
    awake: asyncio.Event = field(default_factory=asyncio.Event)


_parked: dict[tuple[str, str], _Parked] = {}
_by_package: Counter[str] = Counter()


def has_room(user_id: str, package_name: str) -> bool:
    """Whether one more socket of this app may wait here; one that takes the place of an older one always may."""
    if (user_id, package_name) in _parked:
        return True
    return len(_parked) < MOST_PARKED and _by_package[package_name] < MOST_PARKED_OF_AN_APP


async def park(user_id: str, package_name: str, link: Link, seconds: float) -> bool:
    """Wait until a session of the user opens on this node; false when `seconds` passed or a newer socket came.

    A newer socket of the same app takes the place; the older one is closed 1013.
    """
    place, spot = (user_id, package_name), _Parked(link)
    older = _parked.get(place)
    if older is None:
        _by_package[package_name] += 1
    elif older.link is not link:  # its own place it may still have from a moment ago
        older.link.close(CloseCode.TRY_AGAIN_LATER, CloseReason.SUPERSEDED)
    _parked[place] = spot
    metrics.parked_sockets["app"] = len(_parked)
    try:
        async with asyncio.timeout(seconds):
            await spot.awake.wait()
        return link.is_open
    except TimeoutError:
        return False
    finally:
        if _parked.get(place) is spot:
            del _parked[place]
            _by_package[package_name] -= 1
            if not _by_package[package_name]:
                del _by_package[package_name]
        metrics.parked_sockets["app"] = len(_parked)


def parked_packages(user_id: str) -> frozenset[str]:
    """Return the apps that have a socket waiting for this user."""
    return frozenset(package for user, package in _parked if user == user_id)


def wake(user_id: str, package_name: str | None = None) -> None:
    """Let the sockets that wait for this user, or only those of one app, try again."""
    for (user, package), spot in _parked.items():
        if user == user_id and package_name in (None, package):
            spot.awake.set()
