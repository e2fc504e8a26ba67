"""Whose the streams were that ended lately: the phone answers a request to play when it has played everything."""

from typing import Final

from sessions_app.clock import Clock, Timer
from sessions_app.media.speaker_rules import ANSWER_SECONDS

MOST_ENDED: Final = 200


class EndedStreams:
    """The apps of streams that ended within the last minute, by the streams' keys."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._askers: dict[str, tuple[str, Timer]] = {}

    def add(self, key: str, package_name: str) -> None:
        """Note that a stream of an app ended; the oldest of too many is forgotten."""
        self._forget(key)
        timer = self._clock.call_later(ANSWER_SECONDS, lambda: self._forget(key))
        self._askers[key] = (package_name, timer)
        if len(self._askers) > MOST_ENDED:
            self._forget(next(iter(self._askers)))

    def asker_of(self, key: str) -> str:
        """Return whose a stream was; empty when that is not known."""
        return self._askers[key][0] if key in self._askers else ""

    def close(self) -> None:
        """Forget everything."""
        for key in list(self._askers):
            self._forget(key)

    def _forget(self, key: str) -> None:
        known = self._askers.pop(key, None)
        if known is not None:
            known[1].cancel()
