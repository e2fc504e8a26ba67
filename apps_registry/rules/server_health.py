"""When an app's server counts as online. Pure; what the list of apps shows as `healthy` and `isOnline`."""

from http import HTTPStatus
from typing import NamedTuple

# One call may meet a restart; who fails twice in a row is away.
FAILURES_TO_OFFLINE = 2
_LOCKED = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)


class Health(NamedTuple):
    """What is known of a server: how many calls failed in a row, and whether it counts as online."""

    failures: int
    is_online: bool


def takes_calls(status: int | None) -> bool:
    """Say whether who answered a call of the health page like this would take webhooks; None is no answer.

    A server needs no health page: 404 is as good. Calls are neither redirected nor do they log in.
    """
    if status is None or status in _LOCKED:
        return False
    is_redirect = HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST
    return not is_redirect and status < HTTPStatus.INTERNAL_SERVER_ERROR


def next_health(before: Health | None, answered: bool, *, at_once: bool = False) -> Health:
    """Return what is known after one more call; `at_once` believes a single failure, as who asked by hand does."""
    if answered:
        return Health(0, True)
    failures = (before.failures if before is not None else 0) + 1
    was_online = before is None or before.is_online
    return Health(failures, was_online and not at_once and failures < FAILURES_TO_OFFLINE)
