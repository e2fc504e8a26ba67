"""What an app stores with `session.storage`: when it is written, what is seen meanwhile, what becomes of failures."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from mentra_sdk import StorageFailed
from mentra_sdk.capabilities.storage import MOST_VALUE_UNITS, Storage
from mentra_sdk.dialing import Identity
from mentra_sdk.handlers import Tasks
from mentra_sdk.rest import StorageCalls, rest_address

LOG = logging.getLogger("test")
BUSY = StorageFailed("busy", status=503)
REFUSED = StorageFailed("full", status=413)


class FakeStorage:
    """The cloud's end: keeps texts and notes every call; answers wait while `gate` is closed."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self.calls: list[str] = []
        self.failures: list[StorageFailed] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.called: asyncio.Queue[str] = asyncio.Queue()

    async def ask(self, method: str, key: str | None = None, body: Any = None) -> bytes:
        self.calls.append(method)
        self.called.put_nowait(method)
        await self.gate.wait()
        if self.failures:
            raise self.failures.pop(0)
        if method == "PUT":
            self.texts |= body["data"]
        elif method == "DELETE" and key is None:
            self.texts.clear()
        elif method == "DELETE" and self.texts.pop(key or "", None) is None:
            raise StorageFailed("nothing there", status=404)
        return json.dumps({"success": True, "data": self.texts}).encode()

    async def until(self, method: str) -> None:
        async with asyncio.timeout(5):
            while await self.called.get() != method:
                pass


@pytest.fixture
def cloud() -> FakeStorage:
    return FakeStorage()


@pytest.fixture
async def tasks() -> AsyncIterator[Tasks]:
    tasks = Tasks()
    yield tasks
    await tasks.cancel_all()


@pytest.fixture
def storage(cloud: FakeStorage, tasks: Tasks) -> Storage:
    """Nothing is written before the test says so."""
    return Storage(cloud.ask, tasks, LOG, rest_seconds=60, most_seconds=600)


async def test_what_is_set_is_seen_at_once_and_read_once(cloud: FakeStorage, storage: Storage) -> None:
    cloud.texts = {"theme": "light", "size": "2"}
    storage.set("theme", "dark")
    assert await storage.all() == {"theme": "dark", "size": "2"}
    assert await storage.get("size") == "2"
    assert await storage.get("none") is None
    assert await storage.get("none", "usual") == "usual"
    assert cloud.calls == ["GET"]
    await storage.flush()
    await storage.flush()
    assert (cloud.calls, cloud.texts) == (["GET", "PUT"], {"theme": "dark", "size": "2"})


async def test_changes_are_written_together_after_a_rest(cloud: FakeStorage, tasks: Tasks) -> None:
    storage = Storage(cloud.ask, tasks, LOG, rest_seconds=0.05, most_seconds=60)
    for number in range(5):
        storage.set(f"k{number}", "v")
    await cloud.until("PUT")
    assert (cloud.calls, len(cloud.texts)) == (["PUT"], 5)


async def test_changes_that_never_rest_are_written_in_time(cloud: FakeStorage, tasks: Tasks) -> None:
    storage = Storage(cloud.ask, tasks, LOG, rest_seconds=60, most_seconds=0.05)
    storage.set("a", "1")
    storage.set("a", "2")
    await cloud.until("PUT")
    assert cloud.texts == {"a": "2"}


async def test_values_are_stored_as_the_json_that_other_sdks_write(
    cloud: FakeStorage, storage: Storage
) -> None:
    storage.set_multiple({"text": "plain", "list": [1, 2.5, None], "object": {"größe": True}, "number": 7})
    await storage.flush()
    assert cloud.texts == {
        "text": "plain",
        "list": "[1,2.5,null]",
        "object": '{"größe":true}',
        "number": "7",
    }
    assert await storage.get("number") == "7"
    assert await storage.get_json("number") == 7
    assert await storage.get_json("object") == {"größe": True}
    assert await storage.get_json("none", 3) == 3
    with pytest.raises(ValueError, match="malformed"):
        await storage.get_json("text")


async def test_keys_are_listed_and_asked_for(cloud: FakeStorage, storage: Storage) -> None:
    cloud.texts = {"a": "1"}
    storage.set("b", "2")
    assert await storage.keys() == ["a", "b"]
    assert [await storage.has(key) for key in "abc"] == [True, True, False]


async def test_of_several_values_all_are_stored_or_none(cloud: FakeStorage, storage: Storage) -> None:
    with pytest.raises(ValueError, match="at most"):
        storage.set_multiple({"a": "1", "b": "x" * (MOST_VALUE_UNITS + 1)})
    with pytest.raises(TypeError):
        storage.set_multiple({"a": "1", "b": object()})
    assert await storage.keys() == []


async def test_what_is_on_its_way_is_still_seen(cloud: FakeStorage, storage: Storage) -> None:
    await storage.all()
    cloud.gate.clear()
    storage.set("a", "1")
    storage.set("b", "1")
    writing = asyncio.create_task(storage.flush())
    await cloud.until("PUT")
    storage.set("b", "2")
    assert await storage.all() == {"a": "1", "b": "2"}
    cloud.gate.set()
    await writing
    assert cloud.texts == {"a": "1", "b": "1"}
    await storage.close()
    assert cloud.texts == await storage.all() == {"a": "1", "b": "2"}


async def test_deleting_and_clearing_happen_now(cloud: FakeStorage, storage: Storage) -> None:
    cloud.texts = {"a": "1", "b": "1"}
    await storage.all()
    storage.set("a", "2")
    storage.set("new", "1")
    await storage.delete("a")
    await storage.delete("new")
    assert cloud.texts == await storage.all() == {"b": "1"}
    storage.set("c", "1")
    await storage.clear()
    await storage.flush()
    assert cloud.texts == await storage.all() == {}


async def test_what_could_not_be_done_changes_nothing(cloud: FakeStorage, storage: Storage) -> None:
    cloud.texts = {"a": "1"}
    await storage.all()
    storage.set("a", "2")
    cloud.failures = [BUSY, BUSY, BUSY]
    for attempt in (storage.delete("a"), storage.clear(), storage.flush()):
        with pytest.raises(StorageFailed):
            await attempt
    assert (cloud.texts, await storage.all()) == ({"a": "1"}, {"a": "2"})
    await storage.flush()
    assert cloud.texts == {"a": "2"}


async def test_what_could_not_be_read_is_asked_for_again(cloud: FakeStorage, storage: Storage) -> None:
    cloud.texts, cloud.failures = {"a": "1"}, [BUSY]
    with pytest.raises(StorageFailed):
        await storage.get("a")
    assert await storage.get("a") == "1"


async def test_a_write_that_failed_is_tried_again(cloud: FakeStorage, tasks: Tasks) -> None:
    storage = Storage(cloud.ask, tasks, LOG, rest_seconds=0.01, most_seconds=0.02)
    cloud.failures = [BUSY, StorageFailed("nobody")]
    storage.set("a", "1")
    for _ in range(3):
        await cloud.until("PUT")
    assert cloud.texts == {"a": "1"}


async def test_what_is_refused_for_good_is_given_up(cloud: FakeStorage, storage: Storage) -> None:
    await storage.all()
    cloud.failures = [REFUSED]
    storage.set("a", "1")
    with pytest.raises(StorageFailed, match="full"):
        await storage.flush()
    assert await storage.all() == {}
    await storage.close()
    assert cloud.calls == ["GET", "PUT", "GET"]


async def test_a_write_that_the_end_interrupts_is_done_at_the_end(
    cloud: FakeStorage, storage: Storage, tasks: Tasks
) -> None:
    cloud.gate.clear()
    storage.set("a", "1")
    tasks.spawn(storage.flush())
    await cloud.until("PUT")
    await tasks.cancel_all()
    cloud.gate.set()
    await storage.close()
    assert cloud.texts == {"a": "1"}
    with pytest.raises(StorageFailed, match="over"):
        storage.set("b", "1")


async def test_the_end_does_not_fail_with_the_storage(cloud: FakeStorage, storage: Storage) -> None:
    cloud.failures = [BUSY]
    storage.set("a", "1")
    await storage.close()
    assert cloud.texts == {}


@pytest.mark.parametrize(
    ("key", "value"),
    [("", "v"), ("\ud800", "v"), ("k", "\ud800"), ("k", "x" * (MOST_VALUE_UNITS + 1)), ("k", "👓" * 50_001)],
)
def test_what_cannot_be_stored_is_refused_at_once(storage: Storage, key: str, value: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - also those of encodings
        storage.set(key, value)


@pytest.mark.parametrize(
    ("socket_url", "address"),
    [
        ("wss://cloud.example/app-ws", "https://cloud.example"),
        ("ws://127.0.0.1:8000/ws/miniapp", "http://127.0.0.1:8000"),
    ],
)
def test_the_address_follows_the_socket(socket_url: str, address: str) -> None:
    assert rest_address(socket_url) == address


async def test_calls_name_user_key_and_app() -> None:
    seen: list[tuple[str, str, str, str]] = []

    async def answer(request: web.Request) -> web.Response:
        seen.append(
            (request.method, request.raw_path, request.headers["Authorization"], await request.text())
        )
        if request.method == "DELETE":
            return web.json_response({"error": "too often"}, status=429, headers={"Retry-After": "7"})
        return web.Response(text="sure", status=500 if request.method == "GET" else 200)

    application = web.Application()
    application.router.add_route("*", "/{path:.*}", answer)
    who = Identity("ada+1@example.com", "session", "com.example.app", "key")
    async with TestServer(application) as server:
        calls = StorageCalls(who, lambda: f"ws://127.0.0.1:{server.port}/app-ws")
        assert await calls.ask("PUT", body={"data": {"a": "ä"}}) == b"sure"
        with pytest.raises(StorageFailed, match="429: too often") as limited:
            await calls.ask("DELETE", "a/b ?ü")
        with pytest.raises(StorageFailed, match="500: no reason given"):
            await calls.ask("GET", "..")
    assert (limited.value.retry_after_seconds, limited.value.is_final) == (7, False)
    begin, bearer = "/api/sdk/simple-storage/ada%2B1%40example.com", "Bearer com.example.app:key"
    assert seen[0] == ("PUT", begin, bearer, json.dumps({"data": {"a": "ä"}}))
    assert [path for _, path, _, _ in seen[1:]] == [f"{begin}/a%2Fb%20%3F%C3%BC", f"{begin}/.."]
    with pytest.raises(StorageFailed, match="does not answer") as gone:
        await calls.ask("GET")
    assert not gone.value.is_final
