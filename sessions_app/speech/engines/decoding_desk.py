"""Who is heard next: shares a few decoding threads among all recognisers of an engine.

Final results come before interim ones, the oldest first; a recogniser has one thread at most. An interim result takes
the sound as it is when its turn comes, so none is made of sound that is outdated already, and the more people speak
the rarer interim results become. Must not know what decoding is.
"""

import asyncio
import logging
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Final

Work = Callable[[], None]
"""Runs in a thread. Tells what it found by itself."""

_SHARE_OF_INTERIMS: Final = 0.5
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A recogniser's turn to come; `prepare` returns its work, or None when there is none any more."""

    owner: Hashable
    prepare: Callable[[], Work | None]


class DecodingDesk:
    """Belongs to one event loop; only the work itself runs in threads."""

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="decoding")
        self._finals: list[_Asked] = []
        self._interims: dict[Hashable, _Asked] = {}
        self._busy: set[Hashable] = set()
        self._is_closed = False

    @property
    def waiting(self) -> int:
        """How many final results wait for a thread."""
        return len(self._finals)

    def ask_final(self, owner: Hashable, work: Work) -> None:
        """Do this work before any interim one."""
        self._finals.append(_Asked(owner, lambda: work))
        self._interims.pop(owner, None)
        self._start_next()

    def ask_interim(self, owner: Hashable, prepare: Callable[[], Work | None]) -> None:
        """Ask for an interim result when there is time; a recogniser that waits already keeps its place."""
        self._interims.setdefault(owner, _Asked(owner, prepare))
        self._start_next()

    def fair_pause(self, work_seconds: float, speaking: int) -> float:
        """Return how long a recogniser whose interim results take `work_seconds` must pause between them.

        As many are `speaking`; all of them together keep half the threads free for final results.
        """
        return work_seconds * speaking / (self._threads * _SHARE_OF_INTERIMS)

    def forget(self, owner: Hashable) -> None:
        """Let go of what waits for a recogniser."""
        self._finals = [asked for asked in self._finals if asked.owner != owner]
        self._interims.pop(owner, None)

    async def close(self) -> None:
        """Start nothing more, and wait for what runs in a thread."""
        self._is_closed = True
        self._finals.clear()
        self._interims.clear()
        await asyncio.to_thread(self._pool.shutdown, cancel_futures=True)

    def _start_next(self) -> None:
        while len(self._busy) < self._threads and not self._is_closed:
            asked = self._take_next()
            if asked is None:
                return
            work = asked.prepare()
            if work is None:
                continue
            self._busy.add(asked.owner)
            future = asyncio.get_running_loop().run_in_executor(self._pool, work)
            future.add_done_callback(partial(self._is_done, asked.owner))

    def _take_next(self) -> _Asked | None:
        for number, asked in enumerate(self._finals):
            if asked.owner not in self._busy:
                return self._finals.pop(number)
        owner = next((owner for owner in self._interims if owner not in self._busy), None)
        return None if owner is None else self._interims.pop(owner)

    def _is_done(self, owner: Hashable, future: asyncio.Future[None]) -> None:
        self._busy.discard(owner)
        if not future.cancelled() and (problem := future.exception()) is not None:
            _LOG.error("Decoding failed.", exc_info=problem)
        self._start_next()
