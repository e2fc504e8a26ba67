"""Ports to listen on, of which no two tests that run at once are given the same."""

import contextlib
import os
import random
import socket

# Below those the system hands out by itself, so that no connection of another test takes one meanwhile.
FIRST, LAST = 15_000, 30_000
# A part for each process of tests, as pytest-xdist numbers them.
PARTS = 8


def free_port(count: int = 1) -> int:
    """Return the first of `count` neighbouring TCP ports of the loopback interface that are free.

    A port is not given a second time before all others were: who got it may be about to listen, or to listen again.
    """
    while True:
        first = _ports.take(count)
        with contextlib.ExitStack() as probes, contextlib.suppress(OSError):
            for port in range(first, first + count):
                probes.enter_context(socket.socket()).bind(("127.0.0.1", port))
            return first


class Ports:
    """The ports from `first` to before `last`, handed out in turn from a random one on."""

    def __init__(self, first: int, last: int) -> None:
        self._first, self._last = first, last
        self._next = random.randrange(first, last)  # noqa: S311 - spreads ports only

    def take(self, count: int) -> int:
        """Return the first of the next `count` neighbours."""
        if self._next + count > self._last:
            self._next = self._first
        self._next += count
        return self._next - count


def ports_of(process: str) -> Ports:
    """Return the part of a process of tests: `gw0`, `gw1` and so on, or empty where there is only one."""
    size = (LAST - FIRST) // PARTS
    first = FIRST + int(process.removeprefix("gw") or 0) % PARTS * size
    return Ports(first, first + size)


_ports = ports_of(os.environ.get("PYTEST_XDIST_WORKER", ""))
