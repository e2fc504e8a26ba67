"""When an app's server is called: the schedule of one app, and what the host of many apps can take. Pure.

A schedule is a tuple of points in seconds since it began (lifecycle §4.3). A circuit is what a node knows of one
host; its times are seconds of a steady clock.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from urllib.parse import urlsplit

START_DELAYS_SECONDS = (0.0, 1.0)
RESURRECTION_DELAYS_SECONDS = (0.0, 2.0, 5.0, 10.0, 20.0, 35.0, 55.0, 90.0)
# Within the time-out of a start: what ran in the last session is worth more patience than a tap on a screen.
RESTORE_DELAYS_SECONDS = (0.0, 2.0, 5.0, 10.0)
LONGEST_RETRY_AFTER_SECONDS = RESURRECTION_DELAYS_SECONDS[-1]
_JITTER = 0.2
# How long the longest schedule bridges: an outage within this span may be the restart of a healthy server.
BRIDGED_SECONDS = RESURRECTION_DELAYS_SECONDS[-1] * (1 + _JITTER)

# What a host gets at most while it answers, and how far apart it is tried while it does not.
AT_ONCE = 50
PER_SECOND = 50
TRIAL_GAP_SECONDS = 2.0

_TOO_MANY_REQUESTS = 429
_CLIENT_ERROR = 400
_SERVER_ERROR = 500
_DEFAULT_PORTS = {"http": 80, "https": 443}


def jittered(delay_seconds: float, chance: float) -> float:
    """Spread a delay by ± 20 %; `chance` is a number from 0 to 1 (lifecycle §4.3, P-17)."""
    return delay_seconds * (1 - _JITTER + 2 * _JITTER * chance)


def spread(delays: tuple[float, ...], chances: Iterator[float]) -> tuple[float, ...]:
    """Return a schedule with each of its points jittered on its own; they stay in order."""
    return tuple(jittered(delay, next(chances)) for delay in delays)


def points_left(points: tuple[float, ...], earliest: float) -> tuple[float, ...]:
    """Return the points still to come when the next call may not be made before `earliest`.

    Those that passed while a call was under way, or while the server asked for patience, become one.
    """
    left = tuple(point for point in points if point > earliest)
    return left if len(left) == len(points) else (earliest, *left)


def worth_retrying(status: int | None) -> bool:
    """Say whether a webhook that ended with this HTTP status (None: no answer) is tried again (lifecycle §4.3)."""
    return status is None or status == _TOO_MANY_REQUESTS or not _CLIENT_ERROR <= status < _SERVER_ERROR


def retry_after_seconds(header: str, now: datetime) -> float | None:
    """Read a `Retry-After` header, seconds or an HTTP date, as seconds from `now`; None when it says neither.

    Bounded by the last delay of the schedule: nobody's app waits an hour because a maintenance page says so.
    """
    text = header.strip()
    if text.isascii() and text.isdigit():
        return min(float(text), LONGEST_RETRY_AFTER_SECONDS)
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    until = until if until.tzinfo is not None else until.replace(tzinfo=UTC)
    return min(max(0.0, (until - now).total_seconds()), LONGEST_RETRY_AFTER_SECONDS)


def host_of(public_url: str) -> str:
    """Return `host:port` of a public URL: what one circuit is for."""
    try:
        parts = urlsplit(public_url)
        port = parts.port or _DEFAULT_PORTS.get(parts.scheme, 0)
    except ValueError:
        return public_url
    return f"{parts.hostname or ''}:{port}"


class Occasion(StrEnum):
    """Why an app's server is called."""

    USER_START = "user_start"  # somebody asks for the app now
    RESURRECTION = "resurrection"  # the app ran and lost its socket
    RESTORE = "restore"  # the app ran in an earlier session


DELAYS_SECONDS = {
    Occasion.USER_START: START_DELAYS_SECONDS,
    Occasion.RESURRECTION: RESURRECTION_DELAYS_SECONDS,
    Occasion.RESTORE: RESTORE_DELAYS_SECONDS,
}


class CircuitState(StrEnum):
    """What a host can be expected to do."""

    CLOSED = "closed"  # it answers
    TRYING = "trying"  # it stopped answering not long ago
    OPEN = "open"  # it has not answered for longer than any restart takes


@dataclass(frozen=True, slots=True)
class Limits:
    """After how many failures in a row a circuit is no longer closed, and for how long an open one keeps calls back."""

    failures: int = 5
    pause_seconds: float = 600.0


@dataclass(frozen=True, slots=True)
class Circuit:
    """Failures in a row, when the first and the last of them ended, and what the host itself asked for."""

    failures: int = 0
    failing_since: float = 0.0
    failed_at: float = 0.0
    quiet_until: float = 0.0
    answered_at: float = float("-inf")

    def state(self, limits: Limits) -> CircuitState:
        """Judge the host. Five failures may fall into one second; only their span tells a restart from a dead host."""
        if self.failures < limits.failures:
            return CircuitState.CLOSED
        bridged = self.failed_at - self.failing_since < BRIDGED_SECONDS
        return CircuitState.TRYING if bridged else CircuitState.OPEN


def counts_as_failure(status: int | None) -> bool:
    """Say whether a call that ended with this HTTP status (None: no answer) tells against the host."""
    return status is None or status >= _SERVER_ERROR


def after_failure(
    circuit: Circuit, limits: Limits, *, began: float, now: float, retry_after: float = 0.0
) -> Circuit:
    """Note a failed call; one that began before the host last answered says nothing new.

    A few failures that are older than the pause are no longer "in a row".
    """
    if began < circuit.answered_at:
        return circuit
    closed = circuit.state(limits) is CircuitState.CLOSED
    stale = closed and now - circuit.failed_at > limits.pause_seconds
    before = 0 if stale else circuit.failures
    return replace(
        circuit,
        failures=before + 1,
        failing_since=circuit.failing_since if before else now,
        failed_at=now,
        quiet_until=now + retry_after,
    )


def after_answer(now: float) -> Circuit:
    """Note a sign of life: an answer, or a socket of one of the host's apps."""
    return Circuit(answered_at=now)


def next_turn(circuit: Circuit, limits: Limits, *, under_way: int, last_turn: float) -> float | None:
    """Return from when the next waiting call may go; None while calls under way must end first.

    A host that answers gets its calls in a steady stream, so that all users of an app whose server was away do not
    fall upon it at once. One that does not is tried by one call at a time, whose result decides for all who wait.
    """
    if circuit.state(limits) is CircuitState.CLOSED:
        return None if under_way >= AT_ONCE else last_turn + 1 / PER_SECOND
    return None if under_way else max(circuit.failed_at + TRIAL_GAP_SECONDS, circuit.quiet_until)


def is_held_back(circuit: Circuit, limits: Limits, now: float) -> bool:
    """Say whether calls that nobody waits for are not made now: the circuit is open and the pause not over."""
    open_now = circuit.state(limits) is CircuitState.OPEN
    return open_now and now < circuit.failed_at + limits.pause_seconds
