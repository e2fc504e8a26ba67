"""Running an app author's functions so that none of them can harm the session. Knows no message.

Every handler has its own mailbox: it sees its events in order and one at a time, never waits for another
handler, and when it cannot keep up the oldest waiting events are dropped and counted. Plain functions run at
once, so that what they do keeps the order of the events; async ones run as tasks of the session.
"""

import asyncio
import inspect
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Generic, TypeVar

E = TypeVar("E")
Handler = Callable[[E], object]
Log = logging.Logger | logging.LoggerAdapter[logging.Logger]

WAITING_EVENTS = 256

logger = logging.getLogger("mentra_sdk")


class Subscription:
    """The tie between a handler and its events; call it (or `cancel`) to end it."""

    def __init__(self, cancel: Callable[[], None]) -> None:
        self._cancel = cancel

    def cancel(self) -> None:
        """Stop calling the handler; harmless when repeated."""
        self._cancel()

    def __call__(self) -> None:
        self._cancel()


class Tasks:
    """The running tasks of one session, so that all of them can be ended with it."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()

    def spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run `work` beside everything else."""
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._forget)
        return task

    async def cancel_all(self) -> None:
        """Cancel what still runs, except the caller, and wait until it is gone."""
        others = [task for task in self._running if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def _forget(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (problem := task.exception()) is not None:
            logger.error("a task of the SDK failed", exc_info=problem)


async def call(handler: Callable[..., object], log: Log, *args: object) -> None:
    """Call a handler, async or not; what it raises is logged and goes no further."""
    result = call_plainly(handler, log, *args)
    if result is not None:
        await finish(result, handler, log)


def call_plainly(handler: Callable[..., object], log: Log, *args: object) -> Awaitable[object] | None:
    """Call a handler; return what remains to be awaited, or None."""
    try:
        result = handler(*args)
    except Exception:
        log.exception("%s raised", describe(handler))
        return None
    return result if inspect.isawaitable(result) else None


async def finish(result: Awaitable[object], handler: Callable[..., object], log: Log) -> None:
    """Await what a handler returned; what it raises is logged and goes no further."""
    try:
        await result
    except Exception:
        log.exception("%s raised", describe(handler))


def describe(handler: Callable[..., object]) -> str:
    """Return the name of a handler for the log."""
    return getattr(handler, "__qualname__", repr(handler))


class Mailbox(Generic[E]):
    """One handler and the events that wait for it.

    `capacity` bounds the sum of the weights of the waiting events (1 each, unless `post` says otherwise).
    """

    def __init__(
        self, handler: Handler[E], tasks: Tasks, log: Log, *, capacity: int = WAITING_EVENTS
    ) -> None:
        self.dropped = 0
        self._handler = handler
        self._tasks = tasks
        self._log = log
        self._capacity = capacity
        self._waiting: deque[tuple[int, E]] = deque()
        self._weight = 0
        self._busy = False

    def post(self, event: E, *, weight: int = 1) -> None:
        """Give the handler an event, now or as soon as it has dealt with those before."""
        if self._busy:
            self._queue(event, weight)
        elif inspect.iscoroutinefunction(self._handler):
            self._queue(event, weight)
            self._busy = True
            self._tasks.spawn(self._drain(None))
        else:
            result = call_plainly(self._handler, self._log, event)
            if result is not None:
                self._busy = True
                self._tasks.spawn(self._drain(result))

    def clear(self) -> None:
        """Forget what waits."""
        self._waiting.clear()
        self._weight = 0

    def _queue(self, event: E, weight: int) -> None:
        self._waiting.append((weight, event))
        self._weight += weight
        while self._weight > self._capacity and len(self._waiting) > 1:
            oldest_weight, _ = self._waiting.popleft()
            self._weight -= oldest_weight
            if self.dropped == 0:
                self._log.warning("%s is too slow, its oldest events are dropped", describe(self._handler))
            self.dropped += 1

    async def _drain(self, begun: Awaitable[object] | None) -> None:
        try:
            if begun is not None:
                await finish(begun, self._handler, self._log)
            while self._waiting:
                weight, event = self._waiting.popleft()
                self._weight -= weight
                await call(self._handler, self._log, event)
        finally:
            self._busy = False


class Signal(Generic[E]):
    """Something of the session that handlers can be told of, such as its end."""

    def __init__(self, tasks: Tasks, log: Log) -> None:
        self._tasks = tasks
        self._log = log
        self._mailboxes: dict[Mailbox[E], Handler[E]] = {}

    def connect(self, handler: Handler[E], *, first: E | None = None) -> Subscription:
        """Call `handler` with `first`, unless it is None, and at each `emit` from now on."""
        mailbox = Mailbox(handler, self._tasks, self._log)
        self._mailboxes[mailbox] = handler
        if first is not None:
            mailbox.post(first)
        return Subscription(lambda: self._disconnect(mailbox))

    def emit(self, event: E) -> None:
        """Tell every handler, without waiting for any."""
        for mailbox in list(self._mailboxes):
            mailbox.post(event)

    async def emit_and_wait(self, event: E) -> None:
        """Tell every handler and return when all are done."""
        await asyncio.gather(*(call(handler, self._log, event) for handler in self._mailboxes.values()))

    def _disconnect(self, mailbox: Mailbox[E]) -> None:
        self._mailboxes.pop(mailbox, None)
        mailbox.clear()
