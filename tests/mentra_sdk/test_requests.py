"""Requests and their answers, without a cloud."""

import asyncio

import pytest

from mentra_sdk.errors import RequestFailed, RequestRefused, RequestTimedOut, SessionOver
from mentra_sdk.requests import Requests
from mentra_sdk.wire import SubscriptionUpdate, ToCloud

QUESTION = SubscriptionUpdate(subscriptions=[])


class Way:
    """Notes what is sent and withdrawn."""

    def __init__(self) -> None:
        self.sent: list[str | None] = []
        self.withdrawn: list[str] = []
        self.news: asyncio.Queue[str | None] = asyncio.Queue()

    def send(self, message: ToCloud, *, replaces: str | None = None) -> None:
        self.sent.append(replaces)
        self.news.put_nowait(replaces)

    def withdraw(self, replaces: str) -> None:
        self.withdrawn.append(replaces)


@pytest.fixture
def way() -> Way:
    return Way()


@pytest.fixture
def requests(way: Way) -> Requests:
    return Requests(way)


def asked(requests: Requests, name: str, seconds: float = 5) -> asyncio.Task[int]:
    return asyncio.create_task(requests.ask(QUESTION, name, answer=int, timeout_seconds=seconds))


async def sent(way: Way, count: int) -> None:
    for _ in range(count):
        await way.news.get()


async def test_answers_find_their_requests_and_nothing_else(way: Way, requests: Requests) -> None:
    first, second = asked(requests, "first"), asked(requests, "second")
    await sent(way, 2)
    assert not requests.answer("first", "of another kind")
    assert not requests.answer("third", 3)
    assert requests.answer("second", 2)
    assert not requests.answer("second", 4)
    assert requests.answer("first", 1)
    assert [await first, await second] == [1, 2]
    assert not requests.answer("first", 1)


async def test_a_refusal_is_raised_with_its_code(way: Way, requests: Requests) -> None:
    task = asked(requests, "r")
    await sent(way, 1)
    assert requests.refuse("r", "CAMERA_BUSY", "The camera is in use")
    assert not requests.refuse("r", "CAMERA_BUSY", "")
    with pytest.raises(RequestRefused, match="CAMERA_BUSY: The camera is in use") as refused:
        await task
    assert (refused.value.code, refused.value.request_id) == ("CAMERA_BUSY", "r")
    assert not requests.refuse("unknown", "TIMEOUT", "")


async def test_without_an_answer_the_question_is_withdrawn(way: Way, requests: Requests) -> None:
    with pytest.raises(RequestTimedOut) as late:
        await asked(requests, "r", seconds=0.01)
    assert late.value.code == "TIMEOUT"
    assert way.withdrawn == ["r"]
    assert not requests.answer("r", 1)


async def test_who_stops_waiting_leaves_nothing(way: Way, requests: Requests) -> None:
    task = asked(requests, "r")
    await sent(way, 1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert way.withdrawn == ["r"]
    assert not requests.answer("r", 1)


async def test_the_end_of_the_session_fails_what_waits_and_what_comes(way: Way, requests: Requests) -> None:
    task = asked(requests, "r")
    await sent(way, 1)
    requests.close()
    for late in (task, asked(requests, "s")):
        with pytest.raises(SessionOver) as over:
            await late
        assert isinstance(over.value, RequestFailed)
        assert over.value.code == "SESSION_OVER"
    assert way.sent == ["r"]
