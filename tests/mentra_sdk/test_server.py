"""The HTTP side of a mini app: routes, signatures, starting and stopping."""

import asyncio
import json
import socket
import time

import aiohttp
import pytest

from mentra_sdk import MiniAppServer
from mentra_sdk.errors import InvalidSignature, ServerError
from mentra_sdk.webhooks import sign, verify
from tests.mentra_sdk.fake_cloud import (
    API_KEY,
    PACKAGE,
    QUICK,
    SESSION,
    USER,
    FakeCloud,
    post,
    request,
    shut_down,
    signed,
)

SECRET = "webhook-secret"


def now_ms() -> int:
    return int(time.time() * 1000)


async def test_health_counts_the_sessions(cloud: FakeCloud, app: MiniAppServer) -> None:
    healthy = {"status": "healthy", "app": PACKAGE}
    assert await request(app, "GET", "/health") == (200, {**healthy, "activeSessions": 0})
    socket_ = await cloud.start(app)
    await socket_.accept()
    await socket_.next_of("subscription_update")
    assert await request(app, "GET", "/health") == (200, {**healthy, "activeSessions": 1})


async def test_the_routes_have_their_second_names(app: MiniAppServer) -> None:
    assert (await request(app, "GET", "/api/_mentraos/health"))[0] == 200
    assert (await post(app, "/api/_mentraos/webhook", {"type": "nonsense"}))[0] == 400


async def test_other_routes_are_not_found(app: MiniAppServer) -> None:
    assert (await request(app, "GET", "/"))[0] == 404
    assert (await request(app, "GET", "/webhook"))[0] == 404


@pytest.mark.parametrize("body", [b"", b"[]", b'{"type":"unknown"}', b'{"type":"session_request"}'])
async def test_an_unknown_webhook_is_refused(app: MiniAppServer, body: bytes) -> None:
    assert await post(app, "/webhook", body) == (
        400,
        {"status": "error", "message": "Unknown webhook request type"},
    )


async def test_a_body_without_end_is_refused(app: MiniAppServer) -> None:
    assert (await post(app, "/webhook", b"x" * 2_000_000))[0] == 413


async def test_a_cloud_that_cannot_be_reached_is_a_failed_start(app: MiniAppServer) -> None:
    async with FakeCloud() as gone:
        webhook = gone.session_request()
    assert await post(app, "/webhook", webhook) == (500, {"status": "error", "message": "Failed to connect"})
    no_address = {"type": "session_request", "sessionId": SESSION, "userId": USER}
    assert (await post(app, "/webhook", no_address))[0] == 500


async def test_the_old_names_of_the_address_are_understood(cloud: FakeCloud, app: MiniAppServer) -> None:
    for name in ("mentraOSWebsocketUrl", "augmentOSWebsocketUrl"):
        webhook = cloud.session_request(user=f"{name}@example.com")
        webhook[name] = webhook.pop("websocketUrl")
        assert (await post(app, "/webhook", webhook))[0] == 200
        await cloud.next_socket()


async def test_two_start_webhooks_at_once_leave_one_session(cloud: FakeCloud, app: MiniAppServer) -> None:
    webhook = cloud.session_request()
    answers = await asyncio.gather(post(app, "/webhook", webhook), post(app, "/webhook", webhook))
    assert [status for status, _ in answers] == [200, 200]
    await (await cloud.next_socket()).closed()
    last = await cloud.next_socket()
    await last.accept()
    await last.next_of("subscription_update")
    assert len(app.sessions) == 1


async def test_posted_settings_reach_the_users_sessions(cloud: FakeCloud, app: MiniAppServer) -> None:
    socket_ = await cloud.start(app)
    await socket_.accept(settings=[{"key": "size", "value": 1}, {"key": "color", "value": "red"}])
    await socket_.next_of("subscription_update")
    body = {"userIdForSettings": USER, "settings": [{"key": "size", "value": 2}]}
    status, answer = await post(app, "/settings", body)
    assert (status, answer["sessionsUpdated"]) == (200, 1)
    assert app.sessions[0].settings.as_dict() == {"size": 2, "color": "red"}
    assert (await post(app, "/settings", {"userIdForSettings": "x", "settings": []}))[1][
        "sessionsUpdated"
    ] == 0
    assert (await post(app, "/settings", {"settings": 1}))[0] == 400


async def test_with_a_secret_only_signed_webhooks_are_taken(cloud: FakeCloud) -> None:
    app = MiniAppServer(package_name=PACKAGE, api_key=API_KEY, webhook_secret=SECRET, timing=QUICK)
    body = json.dumps(cloud.session_request()).encode()
    assert (await post(app, "/webhook", body))[0] == 401
    assert (await post(app, "/webhook", body, signed("wrong", body, now_ms())))[0] == 401
    assert (await post(app, "/webhook", body + b" ", signed(SECRET, body, now_ms())))[0] == 401
    assert cloud.has_no_new_socket()
    assert (await post(app, "/webhook", body, signed(SECRET, body, now_ms())))[0] == 200
    await cloud.next_socket()
    await shut_down(app)


def test_an_old_signature_is_no_signature() -> None:
    def headers(at_ms: int) -> dict[bytes, bytes]:
        pairs = signed(SECRET, b"{}", at_ms).items()
        return {name.lower().encode(): value.encode() for name, value in pairs}

    verify(SECRET, headers(1_000_000), b"{}", now_ms=1_290_000)
    with pytest.raises(InvalidSignature, match="too old"):
        verify(SECRET, headers(1_000_000), b"{}", now_ms=1_310_000)
    with pytest.raises(InvalidSignature, match="not signed"):
        verify(SECRET, {b"x-mentra-timestamp": b"yesterday"}, b"{}", now_ms=0)


def test_a_secret_that_was_rolled_is_good_while_the_cloud_uses_it() -> None:
    headers = {
        b"x-mentra-timestamp": b"1000",
        b"x-mentra-signature": sign("newer", 1000, b"{}").encode(),
        b"x-mentra-signature-previous": sign(SECRET, 1000, b"{}").encode(),
    }
    verify(SECRET, headers, b"{}", now_ms=1000)
    verify("newer", headers, b"{}", now_ms=1000)
    with pytest.raises(InvalidSignature, match="wrong"):
        verify("oldest", headers, b"{}", now_ms=1000)


async def test_a_started_app_serves_http_until_it_is_stopped(cloud: FakeCloud) -> None:
    app = MiniAppServer(package_name=PACKAGE, api_key=API_KEY, port=0, timing=QUICK)
    stopped: list[str] = []
    app.on_stop(lambda session, reason: stopped.append(reason))
    await app.start()
    url = f"http://127.0.0.1:{app.port}"
    async with aiohttp.ClientSession() as http:
        async with http.post(f"{url}/webhook", json=cloud.session_request()) as response:
            assert response.status == 200
        socket_ = await cloud.next_socket()
        await socket_.accept()
        await socket_.next_of("subscription_update")
        await app.stop()
        assert await socket_.closed() == (1000, "Client disconnect")
        assert stopped == ["shutdown"]
        with pytest.raises(aiohttp.ClientConnectionError):
            await http.get(f"{url}/health")


async def test_a_taken_port_is_named() -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        app = MiniAppServer(package_name=PACKAGE, api_key=API_KEY, port=port)
        with pytest.raises(ServerError, match=f"127.0.0.1:{port} cannot be used"):
            await app.start()
