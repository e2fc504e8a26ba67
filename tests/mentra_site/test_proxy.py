"""The nginx configuration of the operations page leads every socket to a node that can serve it."""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import InvalidStatus

PAGE = (Path(__file__).resolve().parent.parent.parent / "docs" / "operations.md").read_text()
ADDRESSES = {"a-1": "10.0.0.1:8001", "a-2": "10.0.0.1:8002", "b-1": "10.0.0.2:8001"}
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
pytestmark = pytest.mark.skipif(NGINX is None, reason="there is no nginx here")

AROUND = """
daemon off; master_process off; worker_processes 1; pid {folder}/pid; error_log stderr;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
{page}
}}
"""


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


def free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@asynccontextmanager
async def proxy(folder: Path, ports: dict[str, int]) -> AsyncIterator[int]:
    """Run nginx as the page configures it, but for addresses and TLS; yield its port."""
    (block,) = re.findall(r"^```nginx\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    for name, address in ADDRESSES.items():
        block = block.replace(address, f"127.0.0.1:{ports[name]}")
    port = free_port()
    block = block.replace("listen 443 ssl;", f"listen 127.0.0.1:{port};")
    block = re.sub(r"^ *ssl_certificate.*$", "", block, flags=re.MULTILINE)
    configuration = folder / "nginx.conf"
    configuration.write_text(AROUND.format(folder=folder, page=block))
    assert NGINX is not None
    process = await asyncio.create_subprocess_exec(NGINX, "-p", str(folder), "-c", str(configuration))
    try:
        async with asyncio.timeout(30):
            while not await answers(port):
                assert process.returncode is None, "nginx refused the configuration; stderr says why"
                await asyncio.sleep(0.02)
        yield port
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def answers(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


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
