"""When a provider that failed is asked again, and when others are told. Knows no connection."""

import asyncio
from typing import Final

from sessions_app.speech.engines.hosted_dialect import Fault, Limits, ProviderProblem

FAILURES_TOLD: Final = 3


class Gate:
    """Keeps all lines of an engine from asking a provider again that has just refused."""

    def __init__(self, key: str) -> None:
        self._key = key
        self.why = ""
        self._shut_until = 0.0

    @property
    def is_shut(self) -> bool:
        """Whether nobody should ask now."""
        return bool(self.why) and asyncio.get_running_loop().time() < self._shut_until

    def without_key(self, text: str) -> str:
        """Return a text of the provider without our key, should it repeat it."""
        return text.replace(self._key, "…") if self._key else text

    def shut(self, seconds: float, why: str) -> None:
        """Let nobody ask for so long."""
        self._shut_until = asyncio.get_running_loop().time() + seconds
        self.why = why


class Patience:
    """Counts the failures of one line in a row."""

    def __init__(self, limits: Limits, gate: Gate) -> None:
        self._limits = limits
        self._gate = gate
        self._failures = 0
        self._has_told = False
        self._not_before = 0.0

    async def wait(self) -> None:
        """Return when the next try may be made."""
        await asyncio.sleep(max(0.0, self._not_before - asyncio.get_running_loop().time()))

    def works(self) -> bool:
        """Take it that the provider works; return whether it was told that it did not."""
        had_told, self._has_told = self._has_told, False
        self._failures, self._not_before = 0, 0.0
        return had_told

    def lost(self, problem: ProviderProblem) -> bool:
        """Take a failure; return whether it is to be told now."""
        self._failures += 1
        pause = self._pause(problem.fault)
        self._not_before = asyncio.get_running_loop().time() + pause
        if problem.fault is Fault.REFUSED:
            self._gate.shut(pause, str(problem))
        tells = not self._has_told and (problem.fault is Fault.REFUSED or self._failures >= FAILURES_TOLD)
        self._has_told = self._has_told or tells
        return tells

    def _pause(self, fault: Fault) -> float:
        limits, times = self._limits, 2.0 ** min(self._failures - 1, 10)
        if fault is Fault.REFUSED:
            return limits.refused
        if fault is Fault.BUSY:
            return min(limits.busy * times, limits.longest_busy)
        return min(limits.retry * times, limits.longest_retry)
