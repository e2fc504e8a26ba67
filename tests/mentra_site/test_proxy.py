"""The nginx configuration of the pages for operators leads every socket to a node that can serve it."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import InvalidStatus

from tests.support.documents import operations
from tests.support.nginx import NGINX, running_nginx
from tests.support.ports import free_port

PAGE = operations()
ADDRESSES = {"a-1": "10.0.0.1:8001", "a-2": "10.0.0.1:8002", "b-1": "10.0.0.2:8001"}
pytestmark = pytest.mark.skipif(not NGINX, reason="there is no nginx here")


class SmallNode:
    """Tells each socket which node it came to, and how."""

    def __init__(self, name: str) -> None:
        self.name = name

    async def serve(self, connection: ServerConnection) -> None:
        request = connection.request
        assert request is not None
        heard = (request.path, request.headers["Host"], request.headers["X-Forwarded-Proto"])
        await connection.send(" ".join((self.name, *heard)))
        await connection.wait_closed()


@asynccontextmanager
async def proxy(folder: Path, ports: dict[str, int]) -> AsyncIterator[int]:
    """Run nginx as the page configures it, but for addresses and TLS; yield its port."""
    (block,) = re.findall(r"^```nginx\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    for name, address in ADDRESSES.items():
        block = block.replace(address, f"127.0.0.1:{ports[name]}")
    port = free_port()
    block = block.replace("listen 443 ssl;", f"listen 127.0.0.1:{port};")
    block = re.sub(r"^ *ssl_certificate.*$", "", block, flags=re.MULTILINE)
    async with running_nginx(folder, block, port):
        yield port


async def visit(port: int, path: str) -> tuple[str, str, str, str]:
    """Open a socket through the proxy; return the node's name, and path, host and scheme as it saw them."""
    async with connect(f"ws://127.0.0.1:{port}{path}", open_timeout=30) as connection:
        async with asyncio.timeout(30):
            name, seen, host, scheme = str(await connection.recv()).split()
    return name, seen, host, scheme


async def test_app_sockets_reach_their_node_and_another_one_while_it_is_away(tmp_path: Path) -> None:
    ports = {name: free_port() for name in ADDRESSES}
    async with AsyncExitStack() as running, AsyncExitStack() as dying:
        for name, port in ports.items():
            stack = dying if name == "a-2" else running
            await stack.enter_async_context(serve(SmallNode(name).serve, "127.0.0.1", port))
        outside = await running.enter_async_context(proxy(tmp_path, ports))

        for name in ports:
            assert await visit(outside, f"/{name}/app-ws?x=1") == (name, "/app-ws?x=1", "127.0.0.1", "http")
        assert {(await visit(outside, "/glasses-ws"))[0] for _ in range(12)} == set(ports)

        await dying.aclose()
        assert (await visit(outside, "/a-2/app-ws"))[0] in {"a-1", "b-1"}
        assert {(await visit(outside, "/glasses-ws"))[0] for _ in range(12)} == {"a-1", "b-1"}


async def test_what_is_about_the_inside_stays_inside(tmp_path: Path) -> None:
    async with proxy(tmp_path, dict.fromkeys(ADDRESSES, 9)) as outside:
        for path in ("/metrics", "/health"):
            with pytest.raises(InvalidStatus) as refusal:
                await visit(outside, path)
            assert refusal.value.response.status_code == 404
