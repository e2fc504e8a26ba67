"""The timers of one camera stream: does it live, is it slow to begin, is its phone away for too long (media.md §5)."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from sessions_app.clock import Clock, Timer
from sessions_app.streaming.addresses import ack_id
from sessions_app.streaming.rules import (
    ACK_SECONDS,
    AWAY_SECONDS,
    KEEP_ALIVE_SECONDS,
    MOST_MISSED,
    SILENCE_SECONDS,
    STOP_SECONDS,
)

_CHANCE = 5


@dataclass(frozen=True, slots=True)
class Alarms:
    """What a watch calls. `ask` sends a keep-alive of this id and says whether the phone was there.

    `dead`: too many keep-alives in a row went unanswered; `silent`: nothing was said of the stream for too long;
    `gone`: the phone stayed away, or does not know the stream any more; `limit`: it was live for as long as it may be;
    `unstopped`: the glasses were to stop and do not say that they did.
    """

    ask: Callable[[str], bool]
    dead: Callable[[], None]
    silent: Callable[[], None]
    gone: Callable[[], None]
    limit: Callable[[], None]
    unstopped: Callable[[], None]


class StreamWatch:
    """Watches one stream from the moment the phone was asked for it."""

    def __init__(self, clock: Clock, alarms: Alarms) -> None:
        self._clock = clock
        self._alarms = alarms
        self._timers: dict[str, Timer] = {}
        self._asked = ""
        self._missed = 0
        self._must_prove = False

    def begin(self) -> None:
        """The phone was asked to start."""
        self._set("beat", KEEP_ALIVE_SECONDS, self._beat)
        self.heard()

    def heard(self) -> None:
        """The glasses said something of the stream."""
        self._must_prove = False
        self._set("silence", SILENCE_SECONDS, self._alarms.silent)

    def acked(self, ack: str) -> bool:
        """Take the answer to a keep-alive; false when it is none, or a late one."""
        if not self._asked or ack != self._asked:
            return False
        self._asked, self._missed, self._must_prove = "", 0, False
        self._cancel("ack", "away")
        return True

    def limit_after(self, seconds: float) -> None:
        """Have the stream end after so many seconds."""
        self._set("limit", max(0.0, seconds), self._alarms.limit)

    def phone_left(self) -> None:
        """Wait for the phone, but not for ever."""
        self._cancel("beat", "ack", "silence")
        self._asked = ""
        if "away" not in self._timers:
            self._set("away", AWAY_SECONDS, self._alarms.gone)

    def phone_is_back(self) -> None:
        """Ask at once whether the glasses still stream: a phone that does not know it says nothing."""
        self._cancel("away")
        self._missed, self._must_prove = 0, True
        self._set("silence", SILENCE_SECONDS, self._alarms.silent)
        self._beat()

    def stopping(self) -> None:
        """Wait a moment for the glasses to say that they stopped."""
        self.close()
        self._set("stop", STOP_SECONDS, self._alarms.unstopped)

    def close(self) -> None:
        """Stop every timer."""
        self._cancel(*list(self._timers))

    def _beat(self) -> None:
        self._asked = ack_id([secrets.randbelow(36) for _ in range(_CHANCE)])
        self._set("beat", KEEP_ALIVE_SECONDS, self._beat)
        if self._alarms.ask(self._asked):
            self._set("ack", ACK_SECONDS, self._unanswered)

    def _unanswered(self) -> None:
        self._asked = ""
        self._missed += 1
        if self._must_prove:
            self._alarms.gone()
        elif self._missed >= MOST_MISSED:
            self._alarms.dead()

    def _set(self, name: str, seconds: float, action: Callable[[], None]) -> None:
        self._cancel(name)

        def run() -> None:
            del self._timers[name]
            action()

        self._timers[name] = self._clock.call_later(seconds, run)

    def _cancel(self, *names: str) -> None:
        for name in names:
            timer = self._timers.pop(name, None)
            if timer is not None:
                timer.cancel()
