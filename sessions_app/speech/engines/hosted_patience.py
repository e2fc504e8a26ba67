"""When a provider that failed is asked again, and when others are told. Knows no connection."""

import asyncio
from typing import Final

from sessions_app.speech.engines.hosted_dialect import Fault, Limits, ProviderProblem

FAILURES_TOLD: Final = 3


class Gate:
    """What all lines of an engine know of the provider together.

    It is shut while the provider refuses the key, and in doubt when nobody has reached the provider of late.
    """

    def __init__(self, key: str, limits: Limits) -> None:
        self._key = key
        self._limits = limits
        self._failures = 0
        self._shut_until = self._in_doubt_until = 0.0
        self._why = ""

    @property
    def is_shut(self) -> bool:
        """Whether nobody should ask now."""
        return bool(self._why) and _now() < self._shut_until

    @property
    def trouble(self) -> str:
        """What is wrong with the provider, "" for nothing that is known."""
        is_in_doubt = self._failures >= FAILURES_TOLD and _now() < self._in_doubt_until
        return self._why if self.is_shut or is_in_doubt else ""

    def without_key(self, text: str) -> str:
        """Return a text of the provider without our key, should it repeat it."""
        return text.replace(self._key, "…") if self._key else text

    def works(self) -> None:
        """Somebody got an answer."""
        self._failures = 0

    def fails(self, problem: ProviderProblem) -> None:
        """Somebody got none."""
        self._failures += 1
        self._why = str(problem)
        self._in_doubt_until = _now() + self._limits.doubt
        if problem.fault is Fault.REFUSED:
            self._shut_until = _now() + self._limits.refused


class Patience:
    """Counts the failures of one line in a row."""

    def __init__(self, limits: Limits, gate: Gate) -> None:
        self._limits = limits
        self._gate = gate
        self._failures = 0
        self._has_told = False
        self._not_before = self._rejected_until = 0.0

    @property
    def is_lost(self) -> bool:
        """Whether asking would only be refused again."""
        return self._gate.is_shut or _now() < self._rejected_until

    async def wait(self) -> None:
        """Return when the next try may be made."""
        await asyncio.sleep(max(0.0, self._not_before - _now()))

    def works(self) -> bool:
        """Take it that the provider works; return whether it was told that it did not."""
        self._gate.works()
        had_told, self._has_told = self._has_told, False
        self._failures, self._not_before = 0, 0.0
        return had_told

    def lost(self, problem: ProviderProblem) -> bool:
        """Take a failure; return whether it is to be told now."""
        self._failures += 1
        self._gate.fails(problem)
        self._not_before = _now() + self._pause(problem.fault)
        is_certain = problem.fault in (Fault.REFUSED, Fault.REJECTED)
        if is_certain:
            self._not_before, self._rejected_until = 0.0, _now() + self._limits.refused
        tells = not self._has_told and (is_certain or self._failures >= FAILURES_TOLD)
        self._has_told = self._has_told or tells
        return tells

    def _pause(self, fault: Fault) -> float:
        limits, times = self._limits, 2.0 ** min(self._failures - 1, 10)
        if fault is Fault.BUSY:
            return min(limits.busy * times, limits.longest_busy)
        return min(limits.retry * times, limits.longest_retry)


def _now() -> float:
    return asyncio.get_running_loop().time()
