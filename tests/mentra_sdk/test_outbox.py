"""What waits for the cloud while it is away."""

import asyncio

import pytest

from mentra_sdk.outbox import Outbox


async def take(outbox: Outbox, count: int) -> list[str | bytes]:
    return [(await outbox.take()).frame for _ in range(count)]


async def test_nothing_leaves_while_held() -> None:
    outbox = Outbox()
    outbox.put("a")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await outbox.take()
    outbox.release()
    assert (await outbox.take()).frame == "a"


async def test_what_replaces_takes_the_last_place() -> None:
    outbox = Outbox()
    for text in ("first", "second"):
        outbox.put(text, replaces="main")
        outbox.put(f"after {text}")
    outbox.release()
    assert await take(outbox, 3) == ["after first", "second", "after second"]


async def test_nothing_is_replaced_while_released() -> None:
    outbox = Outbox()
    outbox.release()
    outbox.put("first", replaces="main")
    outbox.put("second", replaces="main")
    assert await take(outbox, 2) == ["first", "second"]


async def test_what_is_first_leaves_before_all_that_waits_even_when_it_is_full() -> None:
    outbox = Outbox(capacity=2)
    outbox.put("a")
    outbox.put("b")
    outbox.put("c", first=True)
    outbox.release()
    assert [(await outbox.take()).frame for _ in range(2)] == ["c", "b"]


async def test_beyond_its_capacity_the_oldest_go() -> None:
    outbox = Outbox(capacity=2)
    for text in "abc":
        outbox.put(text)
    outbox.release()
    assert await take(outbox, 2) == ["b", "c"]
    assert outbox.dropped == 1


async def test_a_text_is_withdrawn_by_its_name() -> None:
    outbox = Outbox()
    for text in ("first", "second"):
        outbox.put(text, replaces=text)
    outbox.withdraw("first")
    outbox.withdraw("unknown")
    outbox.release()
    assert await take(outbox, 1) == ["second"]


async def test_what_could_not_be_sent_goes_first() -> None:
    outbox = Outbox()
    outbox.put("first")
    outbox.put("second")
    outbox.release()
    outbox.give_back(await outbox.take())
    assert await take(outbox, 2) == ["first", "second"]


async def test_sound_keeps_its_place_and_is_taken_up_to_a_bound() -> None:
    outbox = Outbox(capacity=1, most_bytes=4)
    outbox.put("start")
    assert outbox.put_bytes(b"ab", b"c")
    assert not outbox.put_bytes(b"d", b"e")
    outbox.put("end")
    outbox.release()
    assert await take(outbox, 3) == [b"ab", b"c", "end"]
    assert outbox.put_bytes(b"defg")
