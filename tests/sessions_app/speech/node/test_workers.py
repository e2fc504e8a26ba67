"""A node's view of the workers: who comes first, who is told of changes, what Redis shows."""

import asyncio

import msgspec
import pytest

from sessions_app.speech.node import register
from sessions_app.speech.node.register import look_at_workers
from sessions_app.speech.rules import WorkerFacts
from tests.sessions_app.speech.node.conftest import Scene


class Watcher:
    """Counts the changes it is told of."""

    def __init__(self) -> None:
        self.changes = 0

    def workers_changed(self) -> None:
        self.changes += 1


def order(scene: Scene, session_id: str = "s1", first: str = "", settings: tuple[str, ...] = ()) -> list[str]:
    return [facts.worker_id for facts in scene.workers.candidates(session_id, first=first, settings=settings)]


async def three(scene: Scene) -> None:
    for name in ("a", "b", "c"):
        await scene.worker(name)


async def test_sessions_are_spread_and_each_has_an_order_that_stays(scene: Scene) -> None:
    await three(scene)
    assert {order(scene, f"session {number}")[0] for number in range(50)} == {"a", "b", "c"}
    assert order(scene) == order(scene)


async def test_who_holds_the_session_comes_first(scene: Scene) -> None:
    await three(scene)
    last = order(scene)[-1]
    assert order(scene, first=last)[0] == last


async def test_who_cannot_recognise_what_is_wanted_comes_later(scene: Scene) -> None:
    await scene.worker("deaf", languages=())
    await scene.worker("english", languages=("en",))
    await scene.worker("all", languages=("*",))
    assert order(scene, settings=("en-US", "de-DE")) == ["all", "english", "deaf"]


async def test_a_draining_worker_is_no_candidate(scene: Scene) -> None:
    await scene.worker("a", is_draining=True)
    await scene.worker("b")
    assert order(scene) == ["b"]


async def test_a_worker_whose_line_broke_is_last_until_it_shows_itself_again(scene: Scene) -> None:
    await three(scene)
    first = order(scene)[0]
    scene.workers.line(scene.shown[first].facts)._end("test")
    assert order(scene)[-1] == first
    await scene.workers.refresh()
    await scene.workers.refresh()
    assert order(scene)[0] == first


async def test_a_worker_that_shows_itself_no_more_is_mistrusted_for_a_while_only(scene: Scene) -> None:
    await three(scene)
    first = order(scene)[0]
    scene.redis_is_away = True
    scene.workers.line(scene.shown[first].facts)._end("test")
    assert order(scene)[-1] == first
    scene.clock.advance(11)
    assert order(scene)[0] == first


async def test_watchers_hear_of_what_makes_a_difference(scene: Scene) -> None:
    watcher = Watcher()
    worker = await scene.worker()
    scene.workers.join(watcher)
    await scene.workers.refresh()
    assert watcher.changes == 0
    worker._abilities["languages"] = ("de",)
    await scene.workers.refresh()
    assert watcher.changes == 1
    scene.workers.part(watcher)
    scene.shown.clear()
    await scene.workers.refresh()
    assert watcher.changes == 1


async def test_the_register_is_read_while_somebody_needs_a_worker(scene: Scene) -> None:
    looks = asyncio.Event()

    async def look() -> dict[str, WorkerFacts]:
        looks.set()
        return {}

    scene.workers._look = look
    scene.workers.join(Watcher())
    await asyncio.wait_for(looks.wait(), 5)


async def test_with_redis_away_the_last_view_stays(scene: Scene) -> None:
    await three(scene)
    scene.redis_is_away = True
    await scene.workers.refresh()
    assert len(scene.workers.live()) == 3


async def test_a_node_that_never_reached_redis_knows_that_it_has_no_worker(scene: Scene) -> None:
    watcher = Watcher()
    scene.redis_is_away = True
    assert not scene.workers.is_known
    scene.workers.join(watcher)
    await scene.no_worker_comes()
    assert (scene.workers.is_known, scene.workers.live(), watcher.changes) == (True, [], 1)


async def test_workers_that_start_with_the_node_are_given_time_to_show_themselves(scene: Scene) -> None:
    watcher = Watcher()
    scene.workers.join(watcher)
    await scene.workers.refresh()
    assert (scene.workers.is_known, watcher.changes) == (False, 0)
    await scene.worker()
    assert (scene.workers.is_known, watcher.changes) == (True, 1)


async def test_a_worker_that_came_while_nobody_looked_is_not_missed(scene: Scene) -> None:
    await scene.no_worker_comes()
    watcher = Watcher()
    scene.workers.join(watcher)
    assert not scene.workers.is_known
    await scene.worker()
    assert (scene.workers.is_known, len(scene.workers.live())) == (True, 1)


class PlayedRedis:
    """A Redis with entries of workers."""

    def __init__(self, entries: dict[str, bytes], *, away: bool = False) -> None:
        self._entries = entries
        self._away = away

    async def scan_iter(self, match: str, count: int) -> object:
        if self._away:
            raise OSError("away")
        assert match.endswith("speech-worker:*")
        for name in self._entries:
            yield name

    async def mget(self, names: list[str]) -> list[bytes | None]:
        return [*(self._entries[name] for name in names), None]


async def test_the_entries_of_workers_are_read_and_broken_ones_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    facts = WorkerFacts("w1", "127.0.0.1:1", 1.0, languages=("*",))
    entries = {"m:speech-worker:w1": msgspec.json.encode(facts), "m:speech-worker:w2": b"{"}
    monkeypatch.setattr(register, "redis_client", lambda: PlayedRedis(entries))
    assert await look_at_workers() == {"w1": facts}
    monkeypatch.setattr(register, "redis_client", lambda: PlayedRedis({}))
    assert await look_at_workers() == {}
    monkeypatch.setattr(register, "redis_client", lambda: PlayedRedis(entries, away=True))
    assert await look_at_workers() is None
