"""The speech workers as operators read them."""

import time
from typing import Any

import msgspec
import pytest

from sessions_app.speech import workers_list
from sessions_app.speech.rules import EngineFacts, WorkerFacts
from sessions_app.speech.workers_list import (
    EngineSummary,
    list_speech_workers,
    state_of,
    summarize_engines,
    uptime_of,
)

WHISPER = EngineFacts("whisper", "speech", "ready", languages=("en", "de"), real_time_factor=0.25, streams=2)


def worker(name: str = "w-1", *engines: EngineFacts, **facts: Any) -> WorkerFacts:
    return WorkerFacts(name, "127.0.0.1:9", **{"at": time.time(), "engines": engines, **facts})


class Keys:
    """A Redis that holds some workers, and entries nobody can read."""

    def __init__(self, *workers: WorkerFacts, **others: str) -> None:
        self._held = {
            f"mentra:speech-worker:{one.worker_id}": msgspec.json.encode(one).decode() for one in workers
        } | {f"mentra:speech-worker:{name}": text for name, text in others.items()}

    def scan_iter(self, match: str, count: int) -> list[str]:
        assert count
        return [*(name for name in self._held if name.startswith(match.removesuffix("*"))), "mentra:gone"]

    def mget(self, names: list[str]) -> list[str | None]:
        return [self._held.get(name) for name in names]


def test_workers_come_by_name_and_nonsense_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    held = Keys(worker("w-2"), worker("w-1", WHISPER), broken="{", other="[]")
    monkeypatch.setattr(workers_list, "blocking_redis", lambda: held)
    first, second = list_speech_workers()
    assert (first.worker_id, second.worker_id) == ("w-1", "w-2")
    assert first.engines == (WHISPER,)


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ({}, "ready"),
        ({"at": 0.0}, "silent"),
        ({"is_draining": True}, "draining"),
        ({"channels": 3, "most_channels": 3}, "full"),
        ({"channels": 3, "most_channels": 4}, "ready"),
        ({"engines": (EngineFacts("whisper", "speech", "loading"),)}, "loading"),
    ],
)
def test_a_worker_is_told_in_a_word(facts: dict[str, Any], state: str) -> None:
    assert state_of(worker(**facts)) == state


def test_a_worker_runs_for_so_long() -> None:
    found = uptime_of(worker(started_at=time.time() - 90))
    assert found is not None
    assert found.total_seconds() == pytest.approx(90, abs=5)
    assert uptime_of(worker()) is None


def test_an_engine_is_summed_up_over_its_workers_and_its_troubles_come_first() -> None:
    slow = EngineFacts("whisper", "speech", "ready", languages=("fr",), real_time_factor=0.75, streams=1)
    broken = EngineFacts("whisper", "speech", "failed", "no memory")
    hibari = EngineFacts("hibari", "voice", "ready", languages=("en",))
    found = summarize_engines([worker("a", WHISPER, hibari), worker("b", slow), worker("c", broken)])
    assert found == [
        EngineSummary("whisper", "speech", "failed", "no memory", 1, (), 0, None),
        EngineSummary("whisper", "speech", "ready", "", 2, ("de", "en", "fr"), 3, 0.75),
        EngineSummary("hibari", "voice", "ready", "", 1, ("en",), 0, None),
    ]


@pytest.mark.parametrize(
    ("kind", "state", "is_alarming"),
    [
        ("speech", "failed", True),
        ("speech", "missing", True),
        ("speech", "loading", False),
        ("voice", "failed", True),
        ("voice", "missing", False),
    ],
)
def test_what_alarms(kind: str, state: str, is_alarming: bool) -> None:
    [found] = summarize_engines([worker("a", EngineFacts("x", kind, state))])
    assert found.is_alarming is is_alarming
