"""Requests to phone and glasses that are waiting for an answer, each with the time at which it is given up."""

from collections.abc import Callable
from dataclasses import dataclass

from sessions_app.clock import Clock, Timer
from sessions_app.outbound.commands import Destination

MOST_OPEN_REQUESTS = 200
MOST_OF_AN_APP = 50
TOLERANCE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Waiting:
    """What to do with the raw answer, and when none came; where the phone was sent with it, if anywhere."""

    package_name: str
    kind: str
    on_answer: Callable[[str], None]
    on_timeout: Callable[[], None]
    timer: Timer
    destination: Destination | None = None


class HardwareRequests:
    """The open requests of one session."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._waiting: dict[str, Waiting] = {}
        self._attempts: dict[tuple[str, object], tuple[Callable[[], None], Timer]] = {}

    def __len__(self) -> int:
        return len(self._waiting) + len(self._attempts)

    def is_full_for(self, package_name: str) -> bool:
        """Whether no further request of this app can be taken now."""
        if len(self) >= MOST_OPEN_REQUESTS:
            return True
        own = sum(waiting.package_name == package_name for waiting in self._waiting.values())
        return own + sum(name == package_name for name, _ in self._attempts) >= MOST_OF_AN_APP

    def is_waiting(self, kind: str) -> bool:
        """Whether a request of this kind is still without its answer."""
        return any(waiting.kind == kind for waiting in self._waiting.values())

    def wait_for(
        self,
        request_id: str,
        package_name: str,
        seconds: float,
        *,
        kind: str,
        on_answer: Callable[[str], None],
        on_timeout: Callable[[], None],
        destination: Destination | None = None,
    ) -> None:
        """Remember a request that was sent to the phone."""
        self.forget(request_id)

        def give_up() -> None:
            del self._waiting[request_id]
            on_timeout()

        self._waiting[request_id] = Waiting(
            *(package_name, kind, on_answer, on_timeout),
            self._clock.call_later(seconds, give_up),
            destination,
        )

    def destination_of(self, request_id: str, kind: str) -> Destination | None:
        """Return where an open request of this kind leads; None when there is none or it leads nowhere."""
        waiting = self._waiting.get(request_id)
        return waiting.destination if waiting is not None and waiting.kind == kind else None

    def answered(self, request_id: str, raw: str) -> bool:
        """Hand an answer to whoever asked; false when nobody waits for it any more."""
        waiting = self._waiting.pop(request_id, None)
        if waiting is None:
            return False
        waiting.timer.cancel()
        waiting.on_answer(raw)
        return True

    def forget(self, request_id: str) -> None:
        """Drop a request without a word."""
        waiting = self._waiting.pop(request_id, None)
        if waiting is not None:
            waiting.timer.cancel()

    def try_when_reachable(self, package_name: str, attempt: Callable[[], None]) -> None:
        """Run an app's `attempt` when phone and glasses are back, at the latest after 5 s (P-43)."""
        place = (package_name, object())

        def last_time() -> None:
            del self._attempts[place]
            attempt()

        self._attempts[place] = (attempt, self._clock.call_later(TOLERANCE_SECONDS, last_time))

    def reachable(self) -> None:
        """Phone and glasses are there: run what waited for them."""
        attempts, self._attempts = self._attempts, {}
        for attempt, timer in attempts.values():
            timer.cancel()
            attempt()

    def give_up(self) -> None:
        """Treat every request as if its time were over: whoever waits is answered now."""
        waiting, attempts = list(self._waiting.values()), list(self._attempts.values())
        self.close()
        for request in waiting:
            request.on_timeout()
        for attempt, _ in attempts:
            attempt()

    def close(self) -> None:
        """Drop everything."""
        for waiting in self._waiting.values():
            waiting.timer.cancel()
        for _, timer in self._attempts.values():
            timer.cancel()
        self._waiting.clear()
        self._attempts.clear()
