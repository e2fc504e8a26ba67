"""Noting what passes: bounded, in order, and never the concern of whoever sends."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from django.db import OperationalError

from sessions_app.inspection import recorder as module
from sessions_app.inspection.entries import CallEntry, Frame, Whose
from sessions_app.inspection.recorder import MOST_WAITING, MOST_WAITING_CALLS, Recorder, Tap
from sessions_app.outbound import metrics

WHOSE = Whose(1, 2, "session")
CALL = CallEntry(1, None, "stop_request", datetime(2026, 1, 2, tzinfo=UTC), 200, "", "", None)
Stored = list[tuple[Whose, list[Frame]]]


class Store:
    """Takes what would be stored; fails with `problems`, one each time."""

    def __init__(self) -> None:
        self.frames: Stored = []
        self.calls: list[CallEntry] = []
        self.problems: list[Exception] = []
        self.stored, self.tried = asyncio.Event(), asyncio.Event()

    async def __call__(self, work: object, frames: Stored, calls: Sequence[CallEntry]) -> int:
        self.tried.set()
        if self.problems:
            raise self.problems.pop(0)
        self.frames += frames
        self.calls += calls
        self.stored.set()
        return len(frames) + len(calls)


@pytest.fixture
async def store(monkeypatch: pytest.MonkeyPatch) -> Store:
    """Stand in for the database, and do not wait for anything to gather."""
    stored = Store()
    monkeypatch.setattr(module, "in_database", stored)
    monkeypatch.setattr(module, "STORE_SECONDS", 0)
    monkeypatch.setattr(module, "PAUSE_WHILE_AWAY_SECONDS", 0)
    return stored


def texts(frames: Sequence[Frame]) -> list[str]:
    return [frame.text for frame in frames]


async def test_what_passes_is_stored_in_order(store: Store) -> None:
    recorder = Recorder()
    tap = Tap(WHOSE, recorder)
    tap.received('{"type":"a"}')
    tap.sent('{"type":"b"}')
    tap.note("socket_closed", cause="network")
    recorder.note_call(CALL)
    await store.stored.wait()
    [(whose, frames)] = store.frames
    assert whose is WHOSE
    assert [frame.direction for frame in frames] == ["in", "out", "note"]
    assert texts(frames) == ['{"type":"a"}', '{"type":"b"}', '{"type": "socket_closed", "cause": "network"}']
    assert store.calls == [CALL]
    assert recorder.waiting_count == 0


async def test_sound_is_counted_and_not_kept(store: Store) -> None:
    recorder = Recorder()
    tap = Tap(WHOSE, recorder)
    for _ in range(50):
        tap.sent_bytes(640)
    tap.received_bytes(100)
    speaker, sound = tap.take()
    assert (sound.direction, sound.kind, sound.size) == ("out", "audio_chunk", 32_000)
    assert sound.text.startswith('{"frames":50,"bytes":32000,')
    assert (speaker.direction, speaker.size) == ("in", 100)
    assert tap.take() == []


async def test_too_much_at_once_drops_the_oldest_and_says_how_many(store: Store) -> None:
    before = metrics.inspected["dropped"]
    tap = Tap(WHOSE, Recorder())
    for number in range(MOST_WAITING + 7):
        tap.received(str(number))
    lost, *kept = tap.take()
    assert (lost.kind, lost.text) == ("not_recorded", '{"messages":7}')
    assert texts(kept) == [str(number) for number in range(7, MOST_WAITING + 7)]
    assert metrics.inspected["dropped"] - before == 7


async def test_large_frames_are_kept_in_part_and_in_bounds(store: Store) -> None:
    tap = Tap(WHOSE, Recorder())
    for _ in range(100):
        tap.received("x" * 1_000_000)
    lost, *kept = tap.take()
    assert lost.kind == "not_recorded"
    assert sum(len(frame.text) for frame in kept) <= module.MOST_WAITING_CHARACTERS
    assert all(frame.size == 1_000_000 for frame in kept)


async def test_calls_wait_in_bounds(store: Store) -> None:
    store.problems = [OperationalError()] * 3
    recorder = Recorder()
    for _ in range(MOST_WAITING_CALLS + 5):
        recorder.note_call(CALL)
    assert recorder.waiting_count == MOST_WAITING_CALLS


async def test_a_database_that_fails_costs_what_was_noted_and_nothing_else(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    store.problems = [OperationalError("away"), RuntimeError("refused")]
    recorder = Recorder()
    tap = Tap(WHOSE, recorder)
    for number in range(3):
        tap.received(str(number))
        await store.tried.wait()
        store.tried.clear()
    assert [texts(frames) for _, frames in store.frames] == [["2"]]
    assert "is lost" in caplog.text
