"""Which worker a session asks next, and how long it waits when none took it. Knows no channel."""

from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from sessions_app.clock import Clock, Timer
from sessions_app.speech.node.workers import SpeechWorkers
from sessions_app.speech.rules import WorkerFacts

FULL: Final = "SPEECH_FULL"
STALE: Final = "SPEECH_STALE"
UNAVAILABLE: Final = "SPEECH_UNAVAILABLE"
FIRST_RETRY_SECONDS: Final = 1.0
LAST_RETRY_SECONDS: Final = 10.0


class Problem(NamedTuple):
    """Why words do not come; `message` is for developers."""

    code: str
    message: str


NO_WORKER: Final = Problem(
    UNAVAILABLE, "No speech worker runs; `python manage.py speech_worker` starts one, and so does `up`"
)
NO_ANSWER: Final = Problem(UNAVAILABLE, "No speech worker can be reached")
ALL_FULL: Final = Problem(FULL, "Every speech worker is full")


class Placing:
    """The search of one session for a worker. `again` is called when it is time to search anew."""

    def __init__(
        self, session_id: str, workers: SpeechWorkers, clock: Clock, again: Callable[[], None]
    ) -> None:
        self.last_worker = ""
        self._session_id = session_id
        self._workers = workers
        self._clock = clock
        self._again = again
        self._refusals: dict[str, str] = {}
        self._timer: Timer | None = None
        self._seconds = FIRST_RETRY_SECONDS

    @property
    def rests(self) -> bool:
        """Whether all have refused and it is not yet time to ask again."""
        return self._timer is not None

    def next(self, settings: Iterable[str]) -> WorkerFacts | None:
        """Return the best worker that has not refused yet; the one that has the session already comes first.

        None also when a newer owner has the session: no worker is to take the sound of two.
        """
        if STALE in self._refusals.values():
            return None
        found = self._workers.candidates(self._session_id, first=self.last_worker, settings=settings)
        return next((each for each in found if each.worker_id not in self._refusals), None)

    def refused(self, worker_id: str, code: str) -> None:
        """A worker does not take the session now."""
        self._refusals[worker_id] = code

    def taken(self, worker_id: str) -> None:
        """A worker has the session."""
        self.last_worker = worker_id
        self._refusals.clear()
        self._seconds = FIRST_RETRY_SECONDS

    def rest(self) -> Problem | None:
        """Wait, longer each time; return what apps are to be told, None when nothing is known to be wrong."""
        self._timer = self._clock.call_later(self._seconds, self._again)
        self._seconds = min(2 * self._seconds, LAST_RETRY_SECONDS)
        codes = set(self._refusals.values())
        if STALE in codes:
            return None
        if FULL in codes:
            return ALL_FULL
        if codes:
            return NO_ANSWER
        # Before the register was read nobody can say that there is no worker.
        return NO_WORKER if self._workers.is_known else None

    def begin_anew(self) -> None:
        """Wait no longer; everyone may be asked again."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._refusals.clear()
