"""The hosts of app servers as this node knows them: each has a circuit breaker and a queue of start webhooks.

Knows no session and makes no call. What is decided stands in pacing.py; the reasons in docs/architecture.md.
"""

import asyncio
import logging
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import timedelta

from sessions_app.app_runs.pacing import (
    Circuit,
    CircuitState,
    Limits,
    Occasion,
    after_answer,
    after_failure,
    host_of,
    is_held_back,
    next_turn,
)
from sessions_app.clock import Clock, Timer
from sessions_app.outbound import metrics

logger = logging.getLogger(__name__)

MOST_HOSTS = 1000


@dataclass(slots=True, eq=False)
class _Host:
    name: str
    circuit: Circuit = field(default_factory=Circuit)
    under_way: int = 0
    last_turn: float = float("-inf")
    waiting: "OrderedDict[Admission, Occasion]" = field(default_factory=OrderedDict)
    timer: Timer | None = None

    @property
    def is_idle(self) -> bool:
        return not self.waiting and not self.under_way


class Turn:
    """The right to make one call now. Say how it ended, if that tells something of the host, and `end` it always."""

    def __init__(self, hosts: "AppHosts", host: _Host, began: float) -> None:
        self._hosts = hosts
        self._host = host
        self._began = began
        self._ended = False

    def failed(self, problem: str, retry_after_seconds: float | None) -> None:
        """The host did not answer, or with a 5xx."""
        self._hosts._note_failure(self._host, self._began, problem, retry_after_seconds or 0.0)

    def answered(self) -> None:
        """The host answered, whatever it said."""
        self._hosts._note_answer(self._host)

    def end(self) -> None:
        """Let the next one go; harmless when done before."""
        if not self._ended:
            self._ended = True
            self._hosts._end_turn(self._host)


# A turn, or None when the host is not called on this occasion for now.
Admission = asyncio.Future[Turn | None]


class AppHosts:
    """One per node. Remembers the hosts that are busy or in trouble, at most `MOST_HOSTS`."""

    def __init__(self, clock: Clock, limits: Limits) -> None:
        self._clock = clock
        self._limits = limits
        self._hosts: dict[str, _Host] = {}

    def __len__(self) -> int:
        return len(self._hosts)

    def state_of(self, public_url: str) -> CircuitState:
        """Return the state of the circuit of a server's host."""
        host = self._hosts.get(host_of(public_url))
        return host.circuit.state(self._limits) if host is not None else CircuitState.CLOSED

    def queue(self, public_url: str, occasion: Occasion) -> Admission:
        """Ask for a turn to call a server; to be given back by `leave` when it is no longer wanted.

        What somebody asks for now never waits: it is the trial that a developer who has just repaired his server needs.
        """
        host = self._find(public_url)
        admission: Admission = asyncio.get_running_loop().create_future()
        if occasion is Occasion.USER_START:
            admission.set_result(self._begin_turn(host))
            return admission
        host.waiting[admission] = occasion
        self._serve(host)
        return admission

    def leave(self, public_url: str, admission: Admission) -> None:
        """Give up a place in the queue, or a turn that was not used."""
        if admission.cancel():
            host = self._hosts.get(host_of(public_url))
            if host is not None:
                host.waiting.pop(admission, None)
                self._serve(host)
            return
        turn = None if admission.cancelled() else admission.result()
        if turn is not None:
            turn.end()

    def is_held_back(self, public_url: str) -> bool:
        """Say whether calls that nobody waits for are not made to this server's host now."""
        host = self._hosts.get(host_of(public_url))
        return host is not None and is_held_back(host.circuit, self._limits, self._clock.monotonic())

    def heard_from(self, public_url: str) -> None:
        """Note that a socket of an app arrived: its server lives."""
        host = self._hosts.get(host_of(public_url))
        if host is not None:
            self._note_answer(host)
            self._serve(host)

    def describe(self, public_url: str) -> str:
        """Say since when a host has not answered and until when it is not called; empty while it is well."""
        host = self._hosts.get(host_of(public_url))
        if host is None or host.circuit.state(self._limits) is CircuitState.CLOSED:
            return ""
        text = f"{host.name} has not answered since {self._time_of(host.circuit.failing_since)}"
        if self.is_held_back(public_url):
            again = self._time_of(host.circuit.failed_at + self._limits.pause_seconds)
            text += f" and is not called by itself before {again}; starting the app by hand always tries"
        return text

    def _time_of(self, moment: float) -> str:
        when = self._clock.now() + timedelta(seconds=moment - self._clock.monotonic())
        return f"{when:%Y-%m-%d %H:%M:%S} UTC"

    def _find(self, public_url: str) -> _Host:
        name = host_of(public_url)
        host = self._hosts.get(name)
        if host is None:
            if len(self._hosts) >= MOST_HOSTS:
                self._forget_oldest()
            host = self._hosts[name] = _Host(name)
        return host

    def _forget_oldest(self) -> None:
        idle = next((host for host in self._hosts.values() if host.is_idle), None)
        if idle is not None:
            self._forget(idle)

    def _forget(self, host: _Host) -> None:
        if host.timer is not None:
            host.timer.cancel()
        self._hosts.pop(host.name, None)
        metrics.open_circuits.pop(host.name, None)

    def _begin_turn(self, host: _Host) -> Turn:
        host.under_way += 1
        host.last_turn = self._clock.monotonic()
        return Turn(self, host, host.last_turn)

    def _end_turn(self, host: _Host) -> None:
        host.under_way -= 1
        self._serve(host)

    def _serve(self, host: _Host) -> None:
        """Let those go whose turn it is, and look again when the next one's comes."""
        if host.timer is not None:
            host.timer.cancel()
            host.timer = None
        now = self._clock.monotonic()
        if is_held_back(host.circuit, self._limits, now):
            self._send_away(host)
        while host.waiting:
            due = next_turn(host.circuit, self._limits, under_way=host.under_way, last_turn=host.last_turn)
            if due is None:
                break
            if due > now:
                host.timer = self._clock.call_later(due - now, lambda: self._serve(host))
                break
            admission, _ = host.waiting.popitem(last=False)
            if not admission.done():
                admission.set_result(self._begin_turn(host))
        if host.is_idle and not host.circuit.failures:
            self._forget(host)

    def _send_away(self, host: _Host) -> None:
        """Let those go without a call who only wanted to bring back an app of an earlier session."""
        for admission, occasion in list(host.waiting.items()):
            if occasion is Occasion.RESTORE:
                del host.waiting[admission]
                if not admission.done():
                    admission.set_result(None)
                    metrics.circuits["call held back"] += 1

    def _note_failure(self, host: _Host, began: float, problem: str, retry_after: float) -> None:
        before = host.circuit.state(self._limits)
        now = self._clock.monotonic()
        host.circuit = after_failure(
            host.circuit, self._limits, began=began, now=now, retry_after=retry_after
        )
        state = host.circuit.state(self._limits)
        if state is before:
            return
        metrics.circuits[state] += 1
        metrics.open_circuits[host.name] = 1
        if state is CircuitState.OPEN:
            logger.warning(
                "%s has not answered for %.0f s (%s); its apps of earlier sessions are not called for %.0f s",
                host.name,
                now - host.circuit.failing_since,
                problem,
                self._limits.pause_seconds,
            )
        else:
            logger.warning(
                "%s failed %d times in a row (%s); it is tried by one call at a time",
                host.name,
                host.circuit.failures,
                problem,
            )

    def _note_answer(self, host: _Host) -> None:
        if host.circuit.state(self._limits) is not CircuitState.CLOSED:
            away_seconds = self._clock.monotonic() - host.circuit.failing_since
            logger.warning("%s answers again after %.0f s", host.name, away_seconds)
            metrics.circuits[CircuitState.CLOSED] += 1
            metrics.open_circuits.pop(host.name, None)
        host.circuit = after_answer(self._clock.monotonic())
