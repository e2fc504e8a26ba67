"""Time as the runtime sees it, so that rules and timers can be tested without waiting."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol


class Timer(Protocol):
    """A scheduled callback that may be called off."""

    def cancel(self) -> None:
        """Call the callback off; harmless when it already ran."""


class Clock(Protocol):
    """Wall clock, steady clock and timers."""

    def now(self) -> datetime:
        """Return the current time, aware, in UTC."""

    def monotonic(self) -> float:
        """Return seconds of a clock that never jumps."""

    def call_later(self, delay_seconds: float, callback: Callable[[], None]) -> Timer:
        """Run `callback` once after `delay_seconds`."""


class SystemClock:
    """The real time of this process and the timers of its running event loop."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    def call_later(self, delay_seconds: float, callback: Callable[[], None]) -> Timer:
        return asyncio.get_running_loop().call_later(delay_seconds, callback)
