"""Notes of what was just said in one session, stored about once a second. Knows no socket and no recogniser."""

import asyncio
from collections import deque
from typing import Final

from sessions_app.clock import Clock, Timer
from sessions_app.database import Journal
from sessions_app.outbound import metrics
from sessions_app.speech.transcripts.segments import FinalWords
from sessions_app.speech.transcripts.services import keep_words
from sessions_app.states import SessionRef

STORE_SECONDS: Final = 1.0
MOST_WAITING: Final = 500
MOST_WAITING_CHARACTERS: Final = 128 * 1024


class Notebook:
    """Final words of one session that are not rows yet. Noting never waits.

    While the database is away one write waits in the session's journal and what is said meanwhile here, the oldest
    dropped beyond a bound.
    """

    def __init__(self, ref: SessionRef, journal: Journal, clock: Clock) -> None:
        self._ref = ref
        self._journal = journal
        self._clock = clock
        self._noted: deque[FinalWords] = deque()
        self._characters = 0
        self._timer: Timer | None = None
        self._stored: asyncio.Future[bool] | None = None
        self._is_closed = False

    def note(self, words: FinalWords) -> None:
        """Have final words stored soon; empty ones are none."""
        if self._is_closed or not words.text.strip():
            return
        metrics.transcript_segments["noted"] += 1
        self._noted.append(words)
        self._characters += len(words.text)
        while len(self._noted) > MOST_WAITING or self._characters > MOST_WAITING_CHARACTERS:
            self._characters -= len(self._noted.popleft().text)
            metrics.transcript_segments["dropped"] += 1
        if self._timer is None:
            self._timer = self._clock.call_later(STORE_SECONDS, self._turn)

    def close(self) -> None:
        """Hand everything to the journal: the session leaves or ends."""
        self._is_closed = True
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._hand_over()

    def _turn(self) -> None:
        self._timer = None
        if self._stored is not None and not self._stored.done():
            self._timer = self._clock.call_later(STORE_SECONDS, self._turn)
            return
        self._hand_over()

    def _hand_over(self) -> None:
        if not self._noted:
            return
        words = list(self._noted)
        self._noted.clear()
        self._characters = 0
        self._stored = self._journal.write(keep_words, ref=self._ref, words=words)
