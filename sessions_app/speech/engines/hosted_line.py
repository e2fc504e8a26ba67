"""One connection to a provider: open only while somebody speaks and a little longer, opened anew when it breaks."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, Final, Protocol

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from sessions_app.speech.engines.hosted_dialect import (
    BYTES_A_SECOND,
    Dialect,
    Fault,
    Limits,
    ProviderProblem,
    Said,
)
from sessions_app.speech.engines.hosted_patience import Gate, Patience
from sessions_app.speech.engines.hosted_socket import dial, hang_up
from sessions_app.speech.engines.hosted_take import Take

logger = logging.getLogger(__name__)

_MOST_FRAME_BYTES: Final = BYTES_A_SECOND // 5
_SAME_SECONDS: Final = 0.05


class Ear(Protocol):
    """Whom a line tells what it heard."""

    def partly(self, take: Take) -> None:
        """More of an utterance is known."""

    def done(self, take: Take) -> None:
        """No more will be known of an utterance."""

    def failed(self, problem: ProviderProblem) -> None:
        """The provider does not work for now."""

    def recovered(self) -> None:
        """It works again."""


class Line:
    """Brings utterances to a provider, in turn, and what it makes of them to the ear, in the same order.

    Sound waits in its utterance until the connection takes it, and is sent again by the next one when it breaks.
    """

    def __init__(self, dialect: Dialect, ear: Ear, limits: Limits, gate: Gate) -> None:
        self._dialect = dialect
        self._next_dialect: Dialect | None = None
        self._ear = ear
        self._limits = limits
        self._gate = gate
        self._patience = Patience(limits, gate)
        self._takes: deque[Take] = deque()
        self._timers: dict[Take, list[asyncio.TimerHandle]] = {}
        self._task: asyncio.Task[None] | None = None
        self._wake = asyncio.Event()
        self._sent_bytes = 0
        self._has_worked = self._is_leaving = self._is_overdue = False
        self._renew_at = self._idle_at = 0.0

    def begin(self, name: str) -> None:
        """An utterance begins."""
        if not self._takes and self._next_dialect is not None:
            self._dialect, self._next_dialect = self._next_dialect, None
            self._renew_at = 0.0
        self._takes.append(Take(name, self._dialect.target, int(self._limits.kept * BYTES_A_SECOND)))
        self._stir()

    def feed(self, samples: bytes) -> None:
        """Take sound of the running utterance."""
        if self._takes and not self._takes[-1].is_ended:
            self._takes[-1].hear(samples)
            self._stir()

    def end(self) -> None:
        """The utterance is over."""
        if not self._takes or self._takes[-1].is_ended:
            return
        take = self._takes[-1]
        take.is_ended = True
        is_hopeless = self._patience.is_lost and not self._is_running
        self._after(0.0 if is_hopeless else self._limits.final, take, lambda: self._expire(take))
        self._stir()

    def change(self, dialect: Dialect) -> None:
        """Speak like this from the next utterance on that begins while no other one is under way."""
        self._next_dialect = dialect

    async def close(self) -> None:
        """Close the connection; nothing more is told."""
        for take in self._takes:
            self._forget_timers(take)
        self._takes.clear()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    @property
    def _is_running(self) -> bool:
        return self._task is not None and not self._task.done()

    def _stir(self) -> None:
        self._wake.set()
        if not self._is_running and not self._patience.is_lost:
            self._task = _start(self._run())

    async def _run(self) -> None:
        while self._takes and not self._patience.is_lost:
            await self._patience.wait()
            try:
                await self._talk()
            except ProviderProblem as problem:
                self._lost(problem)
        while self._takes and self._takes[0].is_ended:
            self._finish(self._takes[0])

    async def _talk(self) -> None:
        """Use one connection until it ends."""
        self._has_worked = self._is_leaving = self._is_overdue = False
        socket = await dial(self._dialect, self._limits)
        for take in self._takes:
            take.restart()
        self._sent_bytes = 0
        self._renew_at = _now() + self._limits.renew
        self._idle_at = _now() + self._limits.idle
        sending = _start(self._send(socket))
        try:
            await self._listen(socket)
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
            await hang_up(socket, self._dialect.farewell(), self._limits)

    async def _listen(self, socket: ClientConnection) -> None:
        """Take what the provider says until the connection is closed."""
        with suppress(ConnectionClosed):
            async for message in socket:
                for said in self._dialect.read(message):
                    self._take_in(said)
        if self._is_overdue:
            raise ProviderProblem(Fault.BROKEN, "gave no final text in time")
        if self._takes and not self._is_leaving:
            why = f"{socket.close_code or ''} {socket.close_reason or ''}".strip()
            raise ProviderProblem(Fault.BROKEN, f"closed the connection ({why})")

    async def _send(self, socket: ClientConnection) -> None:
        """Send sound as it comes, and what keeps the connection open; hang up when nobody speaks any more."""
        sent_at = _now()
        with suppress(ConnectionClosed):
            for greeting in self._dialect.greeting():
                await socket.send(greeting)
            while not self._has_to_leave():
                self._wake.clear()
                if await self._send_waiting(socket):
                    sent_at = _now()
                elif _now() - sent_at >= self._dialect.keep_alive_seconds:
                    await socket.send(self._dialect.keep_alive())
                    sent_at = _now()
                wake_at = sent_at + self._dialect.keep_alive_seconds
                await self._woken(wake_at if self._takes else min(wake_at, self._idle_at))
            self._is_leaving = True
            await hang_up(socket, None if self._is_overdue else self._dialect.farewell(), self._limits)

    async def _woken(self, at: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout_at(at):
                await self._wake.wait()

    def _has_to_leave(self) -> bool:
        if self._is_overdue:
            return True
        if self._takes:
            is_old = self._sent_bytes > 0 and _now() >= self._renew_at
            return is_old and all(take.starts_at is None for take in self._takes)
        return _now() >= self._idle_at

    async def _send_waiting(self, socket: ClientConnection) -> bool:
        """Send what was not sent yet; return whether there was any."""
        before = self._sent_bytes
        for take in list(self._takes):
            while chunk := take.next_unsent(self._sent_bytes, _MOST_FRAME_BYTES):
                self._sent_bytes += len(chunk)
                await socket.send(chunk)
            if not take.is_ended:
                break
            if not take.is_flushing and take in self._takes:
                take.is_flushing = True
                await socket.send(self._dialect.flush())
                self._await_quiet(take)
        return self._sent_bytes > before

    def _take_in(self, said: Said) -> None:
        self._has_worked = True
        if self._patience.works():
            self._ear.recovered()
        take = self._take_at(said.at)
        if take is None:
            return
        # What is said of later sound means that nothing more is said of earlier sound.
        while self._takes[0] is not take:
            self._finish(self._takes[0])
        has_changed = take.add(said)
        if take.is_answered(said, by_position=not self._dialect.surely_flushes):
            self._finish(take)
            return
        if has_changed:
            self._ear.partly(take)
        self._await_quiet(take)

    def _take_at(self, at: float | None) -> Take | None:
        if at is None:
            return self._takes[0] if self._takes else None
        latest = at + _SAME_SECONDS
        begun = [take for take in self._takes if take.starts_at is not None and take.starts_at <= latest]
        return begun[-1] if begun else None

    def _await_quiet(self, take: Take) -> None:
        """Finish the utterance if the provider may have nothing left to say, and says nothing for a while."""
        if not self._dialect.surely_flushes and take.may_stay_unanswered() and take in self._takes:
            text = take.text
            self._after(self._limits.quiet, take, lambda: self._look_quiet(take, text))

    def _look_quiet(self, take: Take, text: str) -> None:
        if take.may_stay_unanswered() and take.text == text and take is self._takes[0]:
            self._finish(take)

    def _expire(self, take: Take) -> None:
        """Let what is known of an utterance be all, because its time is up."""
        self._is_overdue = self._is_running
        while take in self._takes:
            self._finish(self._takes[0])

    def _finish(self, take: Take) -> None:
        self._takes.popleft()
        self._forget_timers(take)
        if take.lost_bytes:
            logger.warning("%.1f s of speech came too early to be sent", take.lost_bytes / BYTES_A_SECOND)
        self._idle_at = _now() + self._limits.idle
        self._wake.set()
        self._ear.done(take)

    def _lost(self, problem: ProviderProblem) -> None:
        # What worked a moment ago was not refused: the stream was only too long, for example.
        is_broken = self._has_worked and problem.fault in (Fault.REFUSED, Fault.REJECTED)
        fault = Fault.BROKEN if is_broken else problem.fault
        clean = ProviderProblem(fault, self._gate.without_key(str(problem)))
        if self._patience.lost(clean):
            self._ear.failed(clean)

    def _after(self, seconds: float, take: Take, act: Callable[[], None]) -> None:
        timer = asyncio.get_running_loop().call_later(seconds, act)
        self._timers.setdefault(take, []).append(timer)

    def _forget_timers(self, take: Take) -> None:
        for timer in self._timers.pop(take, []):
            timer.cancel()


def _now() -> float:
    return asyncio.get_running_loop().time()


def _start(work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    task = asyncio.create_task(work)
    task.add_done_callback(_tell_crash)
    return task


def _tell_crash(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (crash := task.exception()) is not None:
        logger.error("a connection to a speech provider crashed", exc_info=crash)
