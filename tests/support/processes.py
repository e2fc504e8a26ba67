"""Waiting for what no event tells: processes that are nobody's children here, and what they do."""

import time
from collections.abc import Callable

import psutil

from tests.support.inbox import PATIENCE_SECONDS

_POLL_SECONDS = 0.05


def wait_until(
    condition: Callable[[], object], seconds: float = 15, complaint: str = "it did not happen in time"
) -> None:
    """Poll until `condition` holds; fail when it does not within `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, complaint
        time.sleep(_POLL_SECONDS)


def wait_for_the_end_of(pid: int, seconds: float = PATIENCE_SECONDS) -> None:
    """Return once a process has ended: a kill takes a moment, and the new parent of an orphan may never bury it."""
    wait_until(lambda: not _runs(pid), seconds, f"process {pid} still runs")


def _runs(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
