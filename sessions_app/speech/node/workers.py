"""The speech workers as this process uses them: where they are, one connection to each, who takes a session."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple, Protocol

from django.conf import settings

from sessions_app.clock import Clock, SystemClock
from sessions_app.outbound import metrics
from sessions_app.speech.node import speaking
from sessions_app.speech.node.line import WorkerLine
from sessions_app.speech.node.register import look_at_workers
from sessions_app.speech.rules import WorkerFacts, ranked
from sessions_app.speech.wire import Speak

logger = logging.getLogger(__name__)

LOOK_SECONDS: Final = 1.0
STALE_SECONDS: Final = 6.0
# Everything of a cloud starts at once: apps are often there before the first worker is.
FIRST_SHOWN_SECONDS: Final = 5.0
# A worker whose connection broke is tried last until it has shown itself again, which a dead one does not.
_SHOWN_AGAIN_SECONDS: Final = 1.5
_MISTRUST_SECONDS: Final = 10.0
_FAREWELL_SECONDS: Final = 0.5

Look = Callable[[], Awaitable[Mapping[str, WorkerFacts] | None]]


class Watcher(Protocol):
    """Whoever needs workers."""

    def workers_changed(self) -> None:
        """Workers came, went, or can do something else than before."""


class _Failure(NamedTuple):
    shown_at: float
    until: float


class SpeechWorkers:
    """This process's view of all workers. It looks every second while anybody needs one, else when told to."""

    def __init__(self, clock: Clock, look: Look = look_at_workers) -> None:
        self._clock = clock
        self._look = look
        self._facts: Mapping[str, WorkerFacts] = {}
        self._looked_at = float("-inf")
        self._known_from: float | None = None
        self.is_known = False
        """Whether a worker that is not seen is not there: one was seen, or there was time for one to show itself."""
        self._lines: dict[str, WorkerLine] = {}
        self._failures: dict[str, _Failure] = {}
        self._watchers: dict[Watcher, None] = {}
        self._looking: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def line_count(self) -> int:
        """How many connections there are."""
        return len(self._lines)

    def live(self) -> list[WorkerFacts]:
        """Return the workers that take sessions."""
        return [facts for facts in self._facts.values() if not facts.is_draining]

    def candidates(
        self, session_id: str, *, first: str = "", settings: Iterable[str] = ()
    ) -> list[WorkerFacts]:
        """Return the workers in the order in which a session tries them.

        Those that recognise fewer of `settings` come later, those that seem to be dead last. Among equals `first`,
        which holds it already, is first.
        """
        facts = {each.worker_id: each for each in self.live()}
        wanted = frozenset(settings)
        order = ranked(session_id, facts)
        order.sort(
            key=lambda name: (
                self._is_mistrusted(facts[name]),
                sum(1 for each in wanted if not facts[name].recognizes(each)),
                name != first,
            )
        )
        return [facts[name] for name in order]

    def line(self, facts: WorkerFacts) -> WorkerLine:
        """Return the connection to a worker, made now if there is none."""
        line = self._lines.get(facts.worker_id)
        if line is None:
            line = WorkerLine(facts.worker_id, settings.NODE_ID, self._clock, self._line_ended)
            self._lines[facts.worker_id] = line
            self._spawn(line.connect(facts.address))
        return line

    def join(self, watcher: Watcher) -> None:
        """Have somebody told of changes, and look every second until the last one has left."""
        self._watchers[watcher] = None
        if self._looking is None or self._looking.done():
            # Nobody has looked for a while: a worker may have come since.
            self.is_known = bool(self._facts)
            self._looking = asyncio.create_task(self._keep_looking())

    def part(self, watcher: Watcher) -> None:
        """Tell somebody no more."""
        self._watchers.pop(watcher, None)

    async def refresh(self) -> None:
        """Read the register now."""
        found = await self._look()
        now, before, was_known = self._clock.monotonic(), self._facts, self.is_known
        if found is not None:
            self._facts, self._looked_at = found, now
        if self._known_from is None:
            self._known_from = now + FIRST_SHOWN_SECONDS
        self.is_known = was_known or bool(self._facts) or now >= self._known_from
        if was_known == self.is_known and _abilities(before) == _abilities(self._facts):
            return
        for watcher in list(self._watchers):
            watcher.workers_changed()

    def speak(self, wish: Speak) -> AsyncGenerator[bytes, None]:
        """Read a text aloud: yield MP3 as a worker makes it. `wish.request` is not looked at.

        To be used in the event loop of a node, for example by an async view. Raises `speaking.CannotSpeak`, with a
        code and a text that may be shown, before the first piece when nobody can speak it, later when the worker was
        lost meanwhile. Whoever stops listening early closes the iterator (`aclose`), which stops the worker too.
        """
        return speaking.speak(self, wish)

    async def speakers(self) -> Sequence[WorkerFacts]:
        """Return the workers that have voices, the least busy first."""
        age = self._clock.monotonic() - self._looked_at
        if age > STALE_SECONDS or (age > LOOK_SECONDS and not self._has_trusted_voice()):
            await self.refresh()
        able = [facts for facts in self.live() if facts.voices]
        return sorted(able, key=lambda facts: (self._is_mistrusted(facts), facts.load, facts.worker_id))

    async def close(self) -> None:
        """End every connection after what was sent over it, and look no more."""
        tasks = [*self._tasks, *((self._looking,) if self._looking is not None else ())]
        lines = list(self._lines.values())
        for line in lines:
            line.close()
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
        ends = [asyncio.create_task(line.ended.wait()) for line in lines]
        if ends:
            _, unfinished = await asyncio.wait(ends, timeout=_FAREWELL_SECONDS)
            for end in unfinished:
                end.cancel()
        self._watchers.clear()
        self._looking = None

    def _has_trusted_voice(self) -> bool:
        return any(facts.voices and not self._is_mistrusted(facts) for facts in self.live())

    async def _keep_looking(self) -> None:
        while self._watchers:
            try:
                await self.refresh()
            except Exception:
                logger.exception("The register of speech workers could not be read")
            await asyncio.sleep(LOOK_SECONDS)

    def _line_ended(self, line: WorkerLine, why: str) -> None:
        if self._lines.get(line.worker_id) is line:
            del self._lines[line.worker_id]
        if not why:
            return
        logger.warning("The connection to the speech worker %s is lost: %s", line.worker_id, why)
        metrics.speech_events["line lost"] += 1
        facts = self._facts.get(line.worker_id)
        if facts is not None:
            until = self._clock.monotonic() + _MISTRUST_SECONDS
            self._failures[line.worker_id] = _Failure(facts.at, until)

    def _is_mistrusted(self, facts: WorkerFacts) -> bool:
        failure = self._failures.get(facts.worker_id)
        if failure is None:
            return False
        if facts.at > failure.shown_at + _SHOWN_AGAIN_SECONDS or self._clock.monotonic() > failure.until:
            del self._failures[facts.worker_id]
            return False
        return True

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _abilities(workers: Mapping[str, WorkerFacts]) -> dict[str, tuple[object, ...]]:
    """Return what makes a difference to those who need a worker; load and time change all the while."""
    return {
        name: (
            facts.started_at,
            facts.address,
            facts.is_draining,
            facts.languages,
            facts.pairs,
            facts.is_loading,
        )
        for name, facts in workers.items()
    }


speech_workers = SpeechWorkers(SystemClock())

metrics.watch("speech_lines", lambda: speech_workers.line_count)
