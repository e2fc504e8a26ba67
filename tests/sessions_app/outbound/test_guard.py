"""Calls to URLs that developers chose: where they may not lead, and that they end (P-62)."""

import gzip
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohappyeyeballs
import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from pytest_django import Settings

from sessions_app.outbound.guard import (
    MOST_ANSWER_BYTES,
    Failure,
    OutsideAnswer,
    call_outside,
    call_outside_once,
    open_client,
)
from tests.support.ports import free_port

Respond = Callable[[web.Request], Awaitable[web.StreamResponse]]
PUBLIC, METADATA = "93.184.216.34", "169.254.169.254"


class Fickle(AbstractResolver):
    """A name server that answers something else each time it is asked."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.asked = 0

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        answer = self.answers[min(self.asked, len(self.answers) - 1)]
        self.asked += 1
        kind = socket.AF_INET6 if ":" in answer else socket.AF_INET
        return [ResolveResult(hostname=host, host=answer, port=port, family=kind, proto=0, flags=0)]

    async def close(self) -> None:
        pass


@pytest.fixture
def guarded(settings: Settings) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE_NETWORKS = False


@pytest.fixture
def dialled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses somebody tried to connect to; nobody is ever reached."""
    tried: list[str] = []

    async def refuse(addr_infos: list[Any], **_: Any) -> socket.socket:
        tried.extend(info[4][0] for info in addr_infos)
        raise ConnectionRefusedError("refused")

    monkeypatch.setattr(aiohappyeyeballs, "start_connection", refuse)
    return tried


@pytest.fixture
async def serving() -> AsyncIterator[Callable[[Respond], Awaitable[str]]]:
    """Start a server that answers everything with a function; returns its address."""
    runners: list[web.AppRunner] = []

    async def start(respond: Respond) -> str:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", respond)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        runners.append(runner)
        await runner.setup()
        port = free_port()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        return f"http://127.0.0.1:{port}"

    yield start
    for runner in runners:
        await runner.cleanup()


async def call(url: str, resolver: AbstractResolver | None = None, **how: Any) -> OutsideAnswer:
    async with open_client(resolver=resolver) as client:
        return await call_outside(client, "GET", url, **how)


@pytest.mark.usefixtures("guarded")
@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "[::1]", "0.0.0.0", "10.1.2.3", METADATA, "100.64.0.1", "224.0.0.1"),  # noqa: S104
        *("[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::a9fe:a9fe]", "[fe80::1%25lo]", "[::]"),
        *("2130706433", "0x7f000001", "0177.0.0.1", "127.1", "localhost", "①②⑦.⓪.⓪.①"),
        *("ada:secret@93.184.216.34", "93.184.216.34@127.0.0.1"),
    ],
)
async def test_no_spelling_of_a_host_leads_inside(dialled: list[str], host: str) -> None:
    answer = await call(f"http://{host}/webhook")
    assert answer.failure in (Failure.PRIVATE_ADDRESS, Failure.BAD_URL), answer
    assert answer.problem
    assert dialled == []


@pytest.mark.usefixtures("guarded")
@pytest.mark.parametrize("address", ["127.0.0.1", METADATA, "::1", "::ffff:10.0.0.1", "64:ff9b::7f00:1"])
async def test_a_name_of_a_private_address_is_not_called(dialled: list[str], address: str) -> None:
    answer = await call("https://app.example", Fickle(address))
    assert (answer.failure, dialled) == (Failure.PRIVATE_ADDRESS, [])
    assert "private" in answer.problem


@pytest.mark.usefixtures("guarded")
async def test_the_address_that_was_judged_is_the_one_that_is_called(dialled: list[str]) -> None:
    names = Fickle(PUBLIC, METADATA)
    async with open_client(resolver=names) as client:
        first = await call_outside(client, "GET", "http://rebind.example")
    assert (names.asked, dialled) == (1, [PUBLIC])
    assert first.failure is Failure.NOBODY_LISTENS
    async with open_client(resolver=names) as client:
        second = await call_outside(client, "GET", "http://rebind.example")
    assert (second.failure, dialled) == (Failure.PRIVATE_ADDRESS, [PUBLIC])


async def test_a_redirect_is_an_answer_and_not_followed(serving: Any) -> None:
    asked: list[str] = []

    async def redirect(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(status=302, headers={"Location": f"http://{METADATA}/latest/meta-data/"})

    answer = await call(await serving(redirect))
    assert (answer.status, answer.headers["location"]) == (302, f"http://{METADATA}/latest/meta-data/")
    assert asked == ["/"]


async def test_an_endless_answer_is_cut(serving: Any) -> None:
    async def pour(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        try:
            while True:
                await response.write(b"x" * 16384)
        except ConnectionError:
            return response

    answer = await call(await serving(pour))
    assert (answer.status, len(answer.body), answer.is_cut) == (200, MOST_ANSWER_BYTES, True)


async def test_a_small_answer_does_not_unpack_into_a_large_one(serving: Any) -> None:
    bomb = gzip.compress(b"0" * 4_000_000)

    async def pack(_: web.Request) -> web.Response:
        return web.Response(body=bomb, headers={"Content-Encoding": "gzip"})

    answer = await call(await serving(pack))
    assert (answer.body, answer.is_cut) == (bomb, False)


async def test_cookies_of_one_app_are_not_kept(serving: Any) -> None:
    cookies: list[str] = []

    async def bake(request: web.Request) -> web.Response:
        cookies.append(request.headers.get("Cookie", ""))
        return web.Response(headers={"Set-Cookie": "who=ada"})

    url = (await serving(bake)).replace("127.0.0.1", "localhost")
    async with open_client(resolver=Fickle("127.0.0.1")) as client:
        for _ in range(2):
            await call_outside(client, "GET", url)
    assert cookies == ["", ""]


async def test_what_went_wrong_is_told_apart(serving: Any) -> None:
    async def fine(_: web.Request) -> web.Response:
        return web.Response(text="ok")

    url = await serving(fine)
    assert (await call(url)).body == b"ok"
    assert (await call(url.replace("http:", "https:"))).failure is Failure.TLS_FAILED
    assert (await call(f"http://127.0.0.1:{free_port()}")).failure is Failure.NOBODY_LISTENS
    assert (await call("ftp://example.com")).failure is Failure.BAD_URL
    assert (await call("http://")).failure is Failure.BAD_URL


async def test_a_name_that_nobody_has_is_told() -> None:
    class Nobody(Fickle):
        async def resolve(self, *_: Any, **__: Any) -> list[ResolveResult]:
            raise OSError("Name or service not known")

    answer = await call("http://nowhere.example", Nobody())
    assert (answer.failure, answer.problem) == (Failure.UNKNOWN_HOST, "there is no host nowhere.example")


def test_pages_call_without_a_loop_of_their_own() -> None:
    answer = call_outside_once("GET", f"http://127.0.0.1:{free_port()}")
    assert answer.failure is Failure.NOBODY_LISTENS
