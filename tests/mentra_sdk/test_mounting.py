"""A mini app inside of other ASGI applications, with the real frameworks."""

import asyncio
import contextlib
import re
import runpy
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from django.core.asgi import get_asgi_application
from django.http import HttpRequest, JsonResponse
from django.urls import path
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient
from pytest_django.fixtures import Settings
from starlette.applications import Starlette
from starlette.routing import Mount

import mentra_sdk
from mentra_sdk import MentraSession, MiniAppServer, StopReason
from mentra_sdk.http_server import HttpServer
from tests.mentra_sdk.fake_cloud import API_KEY, PACKAGE, QUICK, AppSocket, FakeCloud, shut_down

PREFIX = "/glasses"
README = Path(mentra_sdk.__file__).with_name("README.md")


def hello(request: HttpRequest) -> JsonResponse:
    """Answer as a Django project of the author would."""
    return JsonResponse({"django": request.path})


urlpatterns = [path("hello", hello)]


@pytest.fixture
def stopped(app: MiniAppServer) -> list[str]:
    reasons: list[str] = []
    app.on_stop(lambda session, reason: reasons.append(reason))
    return reasons


def browse(application: Any, root_path: str = "") -> AsyncClient:
    transport = ASGITransport(application, root_path=root_path)
    return AsyncClient(transport=transport, base_url="http://app.example")


async def begin(client: AsyncClient, cloud: FakeCloud, prefix: str = PREFIX) -> AppSocket:
    answer = await client.post(f"{prefix}/webhook", json=cloud.session_request())
    assert (answer.status_code, answer.json()) == (200, {"status": "success"})
    socket = await cloud.next_socket()
    await socket.accept()
    await socket.next_of("subscription_update")
    return socket


async def test_fastapi_serves_it_below_a_prefix_and_ends_it_with_itself(
    cloud: FakeCloud, app: MiniAppServer, stopped: list[str]
) -> None:
    api = FastAPI(lifespan=app.lifespan)
    api.mount(PREFIX, app)

    @api.get("/sessions")
    async def sessions() -> list[str]:
        return [session.user_id for session in app.sessions]

    async with api.router.lifespan_context(api), browse(api) as client:
        socket = await begin(client, cloud)
        assert (await client.get("/sessions")).json() == ["ada@example.com"]
        assert (await client.get(f"{PREFIX}/api/_mentraos/health")).json()["activeSessions"] == 1
        assert (await client.get("/health")).status_code == 404
        assert (await client.get(f"{PREFIX}/nowhere")).status_code == 404
    assert await socket.closed() == (1000, "Client disconnect")
    assert stopped == [StopReason.SHUTDOWN]


async def test_starlette_serves_it_with_a_lifespan_of_its_own(
    cloud: FakeCloud, app: MiniAppServer, stopped: list[str]
) -> None:
    @contextlib.asynccontextmanager
    async def lifespan(host: Starlette) -> AsyncIterator[None]:
        async with app.lifespan():
            stopped.append("host starts")
            yield
            stopped.append("host stops")

    host = Starlette(routes=[Mount(f"{PREFIX}/deeper", app)], lifespan=lifespan)
    async with host.router.lifespan_context(host), browse(host, root_path="/behind/a/proxy") as client:
        await begin(client, cloud, f"/behind/a/proxy{PREFIX}/deeper")
    assert stopped == ["host starts", "host stops", StopReason.SHUTDOWN]


async def test_a_host_without_a_lifespan_stops_it_by_hand(
    cloud: FakeCloud, app: MiniAppServer, stopped: list[str]
) -> None:
    host = Starlette(routes=[Mount(PREFIX, app)])
    async with host.router.lifespan_context(host), browse(host) as client:
        await begin(client, cloud)
        assert stopped == []
        await app.stop()
    assert stopped == [StopReason.SHUTDOWN]


async def test_django_stands_beside_it(
    cloud: FakeCloud, app: MiniAppServer, stopped: list[str], settings: Settings
) -> None:
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = []
    both = app.beside(get_asgi_application(), prefix=PREFIX)
    async with browse(both) as client:
        await begin(client, cloud)
        assert (await client.get("/hello")).json() == {"django": "/hello"}
        assert (await client.get(f"{PREFIX}es/hello")).headers["content-type"].startswith("text/html")
        assert (await client.get(PREFIX)).json()["status"] == "error"
    await shut_down(both)
    assert stopped == [StopReason.SHUTDOWN]


@pytest.mark.parametrize("shown", [(0, "api"), (1, "application")])
async def test_what_the_readme_shows_serves(
    cloud: FakeCloud, app: MiniAppServer, settings: Settings, tmp_path: Path, shown: tuple[int, str]
) -> None:
    block, name = shown
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = []
    _, section = README.read_text().split("## Inside another web application")
    program = tmp_path / "asgi.py"
    program.write_text(re.findall(r"```python\n(.*?)```", section, re.DOTALL)[block])
    application = runpy.run_path(str(program), {"app": app})[name]
    async with browse(application) as client:
        await begin(client, cloud)


async def test_a_web_server_starts_and_stops_both(
    cloud: FakeCloud, app: MiniAppServer, stopped: list[str]
) -> None:
    api = FastAPI(lifespan=app.lifespan)
    api.mount(PREFIX, app)
    server = HttpServer(api, host="127.0.0.1", port=0)
    await server.start()
    async with AsyncClient(base_url=f"http://127.0.0.1:{server.port}", trust_env=False) as client:
        socket = await begin(client, cloud)
    await server.stop()
    assert (await socket.closed())[0] == 1000
    assert stopped == [StopReason.SHUTDOWN]


async def test_two_apps_in_one_process_share_nothing(cloud: FakeCloud, app: MiniAppServer) -> None:
    other = MiniAppServer(package_name="com.example.other", api_key="1e" * 32, timing=QUICK)
    served: list[tuple[str, MentraSession]] = []
    app.on_session(lambda session: served.append(("first", session)))
    other.on_session(lambda session: served.append(("second", session)))
    host = Starlette(routes=[Mount("/first", app), Mount("/second", other)])
    async with browse(host) as client:
        first = await begin(client, cloud, "/first")
        second = await begin(client, cloud, "/second")
        assert [name for name, _ in served] == ["first", "second"]
        assert (app.sessions, other.sessions) == ([served[0][1]], [served[1][1]])
        assert first.headers["x-package-name"] == PACKAGE
        assert second.headers["x-api-key"] == "1e" * 32
        await app.stop()
        assert (await first.closed())[0] == 1000
        assert (app.sessions, other.sessions) == ([], [served[1][1]])
    await other.stop()


async def test_an_app_that_stops_takes_nobody_until_it_starts_again(
    cloud: FakeCloud, app: MiniAppServer, stopped: list[str]
) -> None:
    async with browse(app) as client:
        async with app.lifespan():
            await begin(client, cloud, "")
        assert (await client.post("/webhook", json=cloud.session_request())).status_code == 500
        assert cloud.has_no_new_socket()
        async with app.lifespan():
            await begin(client, cloud, "")
    assert stopped == [StopReason.SHUTDOWN, StopReason.SHUTDOWN]


async def test_a_start_in_progress_does_not_outlive_the_stop(app: MiniAppServer) -> None:
    arrived, go = asyncio.Event(), asyncio.Event()

    async def hesitate(connection: Any, request: Any) -> None:
        arrived.set()
        await go.wait()

    async with FakeCloud(admit=hesitate) as cloud, browse(app) as client:
        async with app.lifespan():
            starting = asyncio.create_task(client.post("/webhook", json=cloud.session_request()))
            await arrived.wait()
        go.set()
        assert (await starting).status_code == 500
        assert (await (await cloud.next_socket()).closed())[0] == 1000
    assert app.sessions == []


async def test_a_started_app_can_be_started_again(cloud: FakeCloud) -> None:
    app = MiniAppServer(package_name=PACKAGE, api_key=API_KEY, port=0, timing=QUICK)
    for _ in range(2):
        await app.start()
        async with AsyncClient(base_url=f"http://127.0.0.1:{app.port}", trust_env=False) as client:
            await begin(client, cloud, "")
        await app.stop()


async def test_a_websocket_has_no_place_here(app: MiniAppServer) -> None:
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(event: Any) -> None:
        sent.append(event)

    await app({"type": "websocket", "path": "/webhook"}, receive, send)
    assert sent == [{"type": "websocket.close"}]
