"""Words are stored about once a second, everything at the end, and never pile up."""

import asyncio
from collections.abc import Callable
from typing import Any, cast

import pytest

from sessions_app.database import Journal
from sessions_app.outbound import metrics
from sessions_app.speech.transcripts import notebook as noting
from sessions_app.speech.transcripts.notebook import Notebook
from sessions_app.states import SessionId, SessionRef
from tests.support.fake_clock import FakeClock
from tests.support.words import final_words

REF = SessionRef(SessionId("00000000-0000-0000-0000-000000000001"), "ada@example.com", 1, 1)


class SlowJournal:
    """Takes writes and carries none out until told."""

    def __init__(self) -> None:
        self.writes: list[list[str]] = []
        self.waiting: list[asyncio.Future[bool]] = []

    def write(self, work: Callable[..., object], **kwargs: Any) -> asyncio.Future[bool]:
        assert kwargs["ref"] is REF
        self.writes.append([one.text for one in kwargs["words"]])
        self.waiting.append(asyncio.get_running_loop().create_future())
        return self.waiting[-1]

    def carry_out(self) -> None:
        for future in self.waiting:
            future.set_result(True)
        self.waiting.clear()


@pytest.fixture
def journal() -> SlowJournal:
    return SlowJournal()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def notebook(journal: SlowJournal, clock: FakeClock) -> Notebook:
    return Notebook(REF, cast("Journal", journal), clock)


async def test_what_is_said_within_a_second_is_one_write(
    notebook: Notebook, journal: SlowJournal, clock: FakeClock
) -> None:
    notebook.note(final_words("one"))
    clock.advance(0.9)
    notebook.note(final_words("two"))
    assert journal.writes == []
    clock.advance(0.1)
    assert journal.writes == [["one", "two"]]
    clock.advance(5)
    assert len(journal.writes) == 1


async def test_only_one_write_waits_for_a_database_that_is_away(
    notebook: Notebook, journal: SlowJournal, clock: FakeClock
) -> None:
    for text in ("one", "two", "three"):
        notebook.note(final_words(text))
        clock.advance(1)
    assert journal.writes == [["one"]]
    journal.carry_out()
    clock.advance(1)
    assert journal.writes == [["one"], ["two", "three"]]


async def test_the_oldest_are_dropped_and_counted(
    notebook: Notebook, journal: SlowJournal, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(noting, "MOST_WAITING", 3)
    dropped = metrics.transcript_segments["dropped"]
    for number in range(5):
        notebook.note(final_words(str(number)))
    clock.advance(1)
    assert journal.writes == [["2", "3", "4"]]
    assert metrics.transcript_segments["dropped"] == dropped + 2


async def test_long_texts_are_bounded_too(
    notebook: Notebook, journal: SlowJournal, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(noting, "MOST_WAITING_CHARACTERS", 10)
    for text in ("12345678", "12345", "123"):
        notebook.note(final_words(text))
    clock.advance(1)
    assert journal.writes == [["12345", "123"]]


async def test_a_text_without_words_is_none(
    notebook: Notebook, journal: SlowJournal, clock: FakeClock
) -> None:
    notebook.note(final_words(" "))
    clock.advance(2)
    assert journal.writes == []


async def test_everything_is_handed_over_at_the_end_and_nothing_afterwards(
    notebook: Notebook, journal: SlowJournal, clock: FakeClock
) -> None:
    notebook.note(final_words("one"))
    clock.advance(1)
    notebook.note(final_words("two"))
    notebook.close()
    notebook.note(final_words("three"))
    clock.advance(5)
    assert journal.writes == [["one"], ["two"]]
