"""Sockets that wait for their user: bounded on a node and for each app, and gone when they are over."""

import asyncio

import pytest

from sessions_app.app_runs import parking
from sessions_app.app_runs.parking import has_room, park, parked_packages, wake
from tests.support.runtime import RecordingLink

ADA = "ada@example.com"
PATIENCE = 60.0


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parking, "MOST_PARKED", 5)
    monkeypatch.setattr(parking, "MOST_PARKED_OF_AN_APP", 3)


async def parked(*places: tuple[str, str]) -> list[asyncio.Task[bool]]:
    """Park a socket at each place."""
    tasks = [asyncio.create_task(park(*place, RecordingLink(), PATIENCE)) for place in places]
    await asyncio.sleep(0)
    return tasks


async def leave(tasks: list[asyncio.Task[bool]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_one_app_leaves_room_for_the_others() -> None:
    tasks = await parked(*((f"{number}@example.com", "loud") for number in range(3)))

    assert not has_room(ADA, "loud")
    assert has_room(ADA, "quiet")
    assert has_room("1@example.com", "loud"), "the newer socket of the same app takes the place of the older"
    await leave(tasks)
    assert has_room(ADA, "loud")


async def test_a_node_has_room_for_so_many() -> None:
    tasks = await parked(*((ADA, f"app {number}") for number in range(5)))

    assert not has_room(ADA, "another")
    await leave(tasks)
    assert has_room(ADA, "another")


async def test_places_are_free_again_however_the_waiting_ended() -> None:
    older, newer = await parked((ADA, "app"), (ADA, "app"))
    late = asyncio.create_task(park(ADA, "late", RecordingLink(), 0.01))
    assert not await late
    assert parked_packages(ADA) == {"app"}
    wake(ADA)
    assert await newer
    await leave([older])

    assert parked_packages(ADA) == frozenset()
    assert not parking._by_package


async def test_a_socket_that_parks_again_at_once_is_not_taken_for_an_older_one() -> None:
    link = RecordingLink()
    first = asyncio.create_task(park(ADA, "app", link, PATIENCE))
    await asyncio.sleep(0)
    asyncio.get_running_loop().call_soon(wake, ADA)
    first.cancel()

    assert await park(ADA, "app", link, PATIENCE)
    assert link.is_open
    await leave([first])
    assert not parking._by_package
