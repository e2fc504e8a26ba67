"""Who is heard next: finals before interims, the oldest first, and each recogniser in one thread at most."""

import asyncio
from collections.abc import AsyncIterator, Callable
from functools import partial
from threading import Event

import pytest

from sessions_app.speech.engines.decoding_desk import DecodingDesk, Work


class Bench:
    """Work that is noted down when it starts and holds its thread until it is let go."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.gate = Event()
        self._loop = asyncio.get_running_loop()
        self._news = asyncio.Event()

    def work(self, name: str) -> Work:
        return partial(self._do, name)

    def interim(self, name: str) -> Callable[[], Work]:
        return lambda: self.work(name)

    async def until_done(self, count: int) -> list[str]:
        async with asyncio.timeout(10):
            while len(self.done) < count:
                self._news.clear()
                await self._news.wait()
        return self.done

    def _do(self, name: str) -> None:
        assert self.gate.wait(10)
        self._loop.call_soon_threadsafe(self._note, name)

    def _note(self, name: str) -> None:
        self.done.append(name)
        self._news.set()


def breaking() -> None:
    raise RuntimeError("broken")


@pytest.fixture
async def desk() -> AsyncIterator[DecodingDesk]:
    desk = DecodingDesk(1)
    yield desk
    await desk.close()


async def test_finals_come_first_and_the_oldest_before_others(desk: DecodingDesk) -> None:
    bench = Bench()
    desk.ask_interim("a", bench.interim("a interim"))
    desk.ask_interim("b", bench.interim("b interim"))
    desk.ask_final("c", bench.work("c final"))
    desk.ask_final("d", bench.work("d final"))
    bench.gate.set()
    assert await bench.until_done(4) == ["a interim", "c final", "d final", "b interim"]


async def test_the_final_of_a_recogniser_makes_its_waiting_interim_needless(desk: DecodingDesk) -> None:
    bench = Bench()
    desk.ask_final("a", bench.work("a final"))
    desk.ask_interim("b", bench.interim("b interim"))
    desk.ask_final("b", bench.work("b final"))
    desk.ask_interim("c", bench.interim("c interim"))
    bench.gate.set()
    assert await bench.until_done(3) == ["a final", "b final", "c interim"]


async def test_a_recogniser_has_one_thread_and_keeps_its_order() -> None:
    desk, held, free = DecodingDesk(2), Bench(), Bench()
    for number in range(4):
        desk.ask_final("a", held.work(f"a {number}"))
    desk.ask_final("b", free.work("b"))
    free.gate.set()
    assert await free.until_done(1) == ["b"]
    held.gate.set()
    assert await held.until_done(4) == ["a 0", "a 1", "a 2", "a 3"]
    await desk.close()


async def test_an_interim_is_prepared_when_its_turn_comes_and_may_be_skipped_then(desk: DecodingDesk) -> None:
    bench, prepared = Bench(), list[str]()
    desk.ask_final("a", bench.work("a final"))
    desk.ask_interim("b", lambda: prepared.append("b"))
    desk.ask_interim("c", bench.interim("c interim"))
    assert prepared == []
    bench.gate.set()
    assert await bench.until_done(2) == ["a final", "c interim"]
    assert prepared == ["b"]


async def test_nothing_waits_for_a_recogniser_that_is_forgotten(desk: DecodingDesk) -> None:
    bench = Bench()
    desk.ask_final("a", bench.work("a final"))
    desk.ask_final("b", bench.work("b final"))
    desk.ask_interim("c", bench.interim("c interim"))
    desk.forget("b")
    desk.forget("c")
    desk.ask_final("d", bench.work("d final"))
    assert desk.waiting == 1
    bench.gate.set()
    assert await bench.until_done(2) == ["a final", "d final"]


async def test_work_that_breaks_frees_its_thread(
    desk: DecodingDesk, caplog: pytest.LogCaptureFixture
) -> None:
    bench = Bench()
    bench.gate.set()
    desk.ask_final("a", breaking)
    desk.ask_final("a", bench.work("a final"))
    assert await bench.until_done(1) == ["a final"]
    assert "Decoding failed." in caplog.text


async def test_interims_leave_half_of_the_threads_to_finals(desk: DecodingDesk) -> None:
    assert desk.fair_pause(0.2, speaking=1) == pytest.approx(0.4)
    assert desk.fair_pause(0.2, speaking=8) == pytest.approx(3.2)


async def test_a_closed_desk_starts_nothing_more() -> None:
    desk, bench = DecodingDesk(1), Bench()
    bench.gate.set()
    await desk.close()
    desk.ask_final("a", bench.work("a final"))
    await asyncio.sleep(0)
    assert bench.done == []
    assert desk.waiting == 1
