"""What waits for the cloud while it is away."""

import asyncio

import pytest

from mentra_sdk.outbox import Outbox


async def test_nothing_leaves_while_held() -> None:
    outbox = Outbox()
    outbox.put("a")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await outbox.take()
    outbox.release()
    assert await outbox.take() == "a"


async def test_what_replaces_takes_the_last_place() -> None:
    outbox = Outbox()
    for text in ("first", "second"):
        outbox.put(text, replaces="main")
        outbox.put(f"after {text}")
    outbox.release()
    assert [await outbox.take() for _ in range(3)] == ["after first", "second", "after second"]


async def test_nothing_is_replaced_while_released() -> None:
    outbox = Outbox()
    outbox.release()
    outbox.put("first", replaces="main")
    outbox.put("second", replaces="main")
    assert [await outbox.take(), await outbox.take()] == ["first", "second"]


async def test_beyond_its_capacity_the_oldest_go() -> None:
    outbox = Outbox(capacity=2)
    for text in "abc":
        outbox.put(text)
    outbox.release()
    assert [await outbox.take(), await outbox.take()] == ["b", "c"]
    assert outbox.dropped == 1
