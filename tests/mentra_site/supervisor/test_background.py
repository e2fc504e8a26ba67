"""Blocking work gives back its result or its error, and a hanging one keeps nobody."""

import asyncio
import threading

import pytest

from mentra_site.supervisor.background import run_in_background


async def test_the_result_comes_back() -> None:
    assert await run_in_background(lambda: 6 * 7) == 42


async def test_an_error_comes_back() -> None:
    def fail() -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await run_in_background(fail)


def test_work_that_hangs_does_not_keep_the_loop() -> None:
    forever = threading.Event()

    async def give_up() -> None:
        async with asyncio.timeout(0.05):
            await run_in_background(forever.wait)

    with pytest.raises(TimeoutError):
        asyncio.run(give_up())
    forever.set()


def test_work_that_ends_after_the_loop_disturbs_nobody() -> None:
    late, done = threading.Event(), threading.Event()

    def work() -> None:
        late.wait(5)
        done.set()

    async def give_up() -> None:
        async with asyncio.timeout(0.01):
            await run_in_background(work)

    with pytest.raises(TimeoutError):
        asyncio.run(give_up())
    late.set()

    assert done.wait(5)
