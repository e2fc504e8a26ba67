"""A peer that floods is made to wait; nothing is lost and nothing comes out of order."""

import asyncio

import pytest

from mentra_site.servers.inbox import MOST_BYTES, MOST_MESSAGES, Inbox


class Line:
    """The reading side of a connection that notes whether it reads."""

    def __init__(self) -> None:
        self.state = "reading"

    def pauseProducing(self) -> None:  # noqa: N802
        self.state = "paused"

    def resumeProducing(self) -> None:  # noqa: N802
        self.state = "reading"


async def test_events_come_out_in_order() -> None:
    inbox = Inbox(Line())
    for number in range(3):
        inbox.put_nowait({"number": number})

    assert [(await inbox.get())["number"] for _ in range(3)] == [0, 1, 2]


async def test_a_reader_that_waits_is_woken() -> None:
    inbox = Inbox(Line())
    waiting = asyncio.create_task(inbox.get())
    await asyncio.sleep(0)
    inbox.put_nowait({"number": 1})
    inbox.put_nowait({"number": 2})

    assert await waiting == {"number": 1}
    assert await inbox.get() == {"number": 2}


@pytest.mark.parametrize(("count", "size"), [(MOST_MESSAGES + 1, 1), (2, MOST_BYTES)])
async def test_reading_stops_when_too_much_waits_and_goes_on_when_it_is_taken(count: int, size: int) -> None:
    line = Line()
    inbox = Inbox(line)
    for number in range(count):
        inbox.put_nowait({"number": number}, size)
    assert line.state == "paused"

    for _ in range(count):
        await inbox.get()
    waiting = asyncio.create_task(inbox.get())
    await asyncio.sleep(0)
    assert line.state == "reading"

    waiting.cancel()


async def test_a_cancelled_reader_loses_nothing() -> None:
    inbox = Inbox(Line())
    cancelled = asyncio.create_task(inbox.get())
    await asyncio.sleep(0)
    cancelled.cancel()
    inbox.put_nowait({"number": 1})

    assert await inbox.get() == {"number": 1}
