"""The proxies of compose and Kubernetes, run by nginx: every socket reaches a node that can serve it."""

import asyncio
import re
import subprocess
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import InvalidStatus

from tests.deploy.name_server import NameServer
from tests.deploy.reading import DEPLOY
from tests.support.nginx import NGINX, running_nginx
from tests.support.ports import free_port

pytestmark = pytest.mark.skipif(not NGINX, reason="there is no nginx here")
# Each proxy with the names by which it looks for all nodes and for one of them.
PROXIES = {
    "compose/cloud.conf.template": ("nodes", "{}"),
    "kubernetes/base/gateway.conf.template": (
        "nodes.glasses.svc.cluster.local",
        "{}.nodes.glasses.svc.cluster.local",
    ),
}
NODES = {"node-1": "127.0.0.2", "node-2": "127.0.0.3"}


class Nodes:
    """Two nodes of one port on addresses of their own; each tells a socket who it is and what it was asked for."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.running: dict[str, AsyncExitStack] = {}

    async def start(self) -> None:
        for name, address in NODES.items():
            stack = self.running[name] = AsyncExitStack()

            async def tell(connection: ServerConnection, name: str = name) -> None:
                assert connection.request is not None
                path, headers = connection.request.path, connection.request.headers
                await connection.send(f"{name} {path} {headers['Host']} {headers['X-Forwarded-Proto']}")
                await connection.wait_closed()

            await stack.enter_async_context(serve(tell, address, self.port))

    async def stop(self, *names: str) -> None:
        for name in names or [*self.running]:
            await self.running.pop(name).aclose()


def fill_in(template: str, folder: Path, resolver_port: int, node_port: int, listen_port: int) -> str:
    """Return a template as the image of nginx fills it in, with the ports of a test."""
    certificate = folder / "cloud.pem"
    subprocess.run(
        [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            "2",
        ]
        + ["-subj", "/CN=localhost", "-keyout", str(certificate), "-out", str(folder / "own.pem")],
        check=True,
        capture_output=True,
    )
    given = {
        "NGINX_LOCAL_RESOLVERS": f"127.0.0.1:{resolver_port}",
        "PUBLIC_HOST": "localhost",
        "NAMESPACE": "glasses",
    }
    for name, value in given.items():
        template = template.replace(f"${{{name}}}", value)
    assert "${" not in template
    template = template.replace("/etc/nginx/tls/fullchain.pem", str(folder / "own.pem"))
    template = template.replace("/etc/nginx/tls/privkey.pem", str(certificate))
    template = template.replace(":8000", f":{node_port}")
    template = template.replace("valid=2s", "valid=1s")
    # TLS is nginx's own affair; the server behind it is what this is about.
    plain = re.sub(r"listen (8443 ssl|8080);(?![^}]*308)", f"listen 127.0.0.1:{listen_port};", template)
    return re.sub(r"listen 8080;", f"listen 127.0.0.1:{free_port()};", plain)


@asynccontextmanager
async def proxied(name: str, folder: Path) -> AsyncIterator[tuple[int, Nodes, NameServer]]:
    """Run a proxy before two nodes; yield its port, the nodes and who tells their addresses."""
    everybody, one = PROXIES[name]
    addresses = {one.format(node): [address] for node, address in NODES.items()}
    addresses[everybody] = [*NODES.values()]
    nodes, port = Nodes(free_port()), free_port()
    await nodes.start()
    async with NameServer(addresses) as names:
        template = (DEPLOY / name).read_text()
        servers = fill_in(template, folder, names.port, nodes.port, port)
        try:
            async with running_nginx(folder, servers, port):
                yield port, nodes, names
        finally:
            await nodes.stop()


async def visit(port: int, path: str) -> list[str]:
    """Open a socket through the proxy; return the node's name, and path, host and scheme as it saw them."""
    headers = {"X-Forwarded-Proto": "https"}
    async with connect(
        f"ws://127.0.0.1:{port}{path}", open_timeout=30, additional_headers=headers
    ) as connection:
        async with asyncio.timeout(30):
            return str(await connection.recv()).split()


async def until_every_node_was_reached(port: int) -> None:
    """Connect phones until each node got one: which of them a phone gets is a matter of chance."""
    reached: set[str] = set()
    async with asyncio.timeout(30):
        while reached != set(NODES):
            reached.add((await visit(port, "/glasses-ws"))[0])


@pytest.mark.parametrize("name", PROXIES, ids=["compose", "kubernetes"])
async def test_app_sockets_reach_their_node_and_another_one_while_it_is_away(
    name: str, tmp_path: Path
) -> None:
    async with proxied(name, tmp_path) as (port, nodes, names):
        scheme = "https" if "kubernetes" in name else "http"
        for node in NODES:
            assert await visit(port, f"/{node}/app-ws?x=1") == [node, "/app-ws?x=1", "127.0.0.1", scheme]
        await until_every_node_was_reached(port)

        await nodes.stop("node-2")
        assert (await visit(port, "/node-2/app-ws?x=1"))[:2] == ["node-1", "/app-ws?x=1"]
        assert {(await visit(port, "/glasses-ws"))[0] for _ in range(8)} == {"node-1"}

        names.addresses = {key: ["127.0.0.2"] for key in names.addresses if "node-2" not in key}
        assert (await visit(port, "/node-9/app-ws"))[0] == "node-1", "a node without an address"


@pytest.mark.parametrize("name", PROXIES, ids=["compose", "kubernetes"])
async def test_what_is_about_the_inside_stays_inside(name: str, tmp_path: Path) -> None:
    async with proxied(name, tmp_path) as (port, _, _):
        for path in ("/metrics", "/health"):
            with pytest.raises(InvalidStatus) as refusal:
                await visit(port, path)
            assert refusal.value.response.status_code == 404
