"""The phone's socket: upgrade, ack, refusals, loss, return, waiting for messages."""

import asyncio
from http import HTTPStatus

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.http11 import Request, Response

from sessions_app.protocol.cloud_to_glasses import AppStarted, AppStopped, DisplayEvent
from sessions_app.protocol.layouts import TextWall
from sessions_app.simulator.dialing import socket_url
from sessions_app.simulator.errors import ConnectionLost, NothingCame, Refused, Unreachable
from sessions_app.simulator.phone import SimulatedPhone
from tests.sessions_app.simulator.fake_cloud import AT, TOKEN, USER, FakeGlassesCloud, GlassesSocket


@pytest.mark.parametrize(
    ("given", "opened"),
    [
        ("http://127.0.0.1:8000", "ws://127.0.0.1:8000/glasses-ws"),
        ("https://cloud.example/", "wss://cloud.example/glasses-ws"),
        ("127.0.0.1:8000", "ws://127.0.0.1:8000/glasses-ws"),
        ("wss://cloud.example/ws/client", "wss://cloud.example/ws/client"),
    ],
)
def test_the_address_of_a_cloud_leads_to_its_glasses_socket(given: str, opened: str) -> None:
    assert socket_url(given) == opened


async def test_it_connects_with_its_token_and_keeps_the_ack(
    glasses_cloud: FakeGlassesCloud, phone: SimulatedPhone, socket: GlassesSocket
) -> None:
    assert socket.path == "/glasses-ws"
    assert socket.headers["authorization"] == f"Bearer {TOKEN}"
    assert phone.is_connected
    assert phone.ack is not None
    assert phone.ack["sessionId"] == USER
    assert await socket.next() == {"type": "ping"}


async def test_a_refusal_after_the_upgrade_is_named(
    glasses_cloud: FakeGlassesCloud, phone: SimulatedPhone
) -> None:
    connecting = asyncio.create_task(phone.connect())
    socket = await glasses_cloud.next_socket()
    await socket.send(
        "connection_error", message="Invalid core token", code="AUTHENTICATION_FAILED", timestamp=AT
    )
    await socket.close(1008, "Authentication failed")
    with pytest.raises(Refused, match="Invalid core token") as refusal:
        await connecting
    assert refusal.value.code == "AUTHENTICATION_FAILED"
    assert not phone.is_connected


async def test_a_refused_upgrade_is_named() -> None:
    def refuse(connection: ServerConnection, request: Request) -> Response:
        return connection.respond(HTTPStatus.UNAUTHORIZED, '{"message":"No core token provided"}')

    async def nobody(connection: ServerConnection) -> None:
        await connection.wait_closed()

    async with serve(nobody, "127.0.0.1", 0, process_request=refuse) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(Refused, match=r"HTTP 401: No core token provided\."):
            await SimulatedPhone(f"ws://127.0.0.1:{port}", TOKEN).connect()


async def test_a_cloud_that_hangs_up_at_once_is_named(
    glasses_cloud: FakeGlassesCloud, phone: SimulatedPhone
) -> None:
    connecting = asyncio.create_task(phone.connect())
    await (await glasses_cloud.next_socket()).close(1011, "Internal server error")
    with pytest.raises(Refused, match=r"1011 Internal server error"):
        await connecting


async def test_a_cloud_that_says_nothing_is_given_up(
    glasses_cloud: FakeGlassesCloud, phone: SimulatedPhone
) -> None:
    with pytest.raises(Unreachable, match="no connection_ack"):
        await phone.connect(timeout_seconds=0.05)


async def test_a_missing_cloud_is_named() -> None:
    with pytest.raises(
        Unreachable, match=r"No cloud answers at ws://127.0.0.1:1/glasses-ws: connection refused"
    ):
        await SimulatedPhone("http://127.0.0.1:1", TOKEN).connect()


async def test_dropping_leaves_no_close_frame(phone: SimulatedPhone, socket: GlassesSocket) -> None:
    await phone.drop()
    assert (await socket.closed())[0] == 1006
    assert not phone.is_connected


async def test_closing_sends_a_close_frame(phone: SimulatedPhone, socket: GlassesSocket) -> None:
    await phone.close()
    assert (await socket.closed())[0] == 1000


async def test_it_reconnects_and_hears_again(
    glasses_cloud: FakeGlassesCloud, phone: SimulatedPhone, socket: GlassesSocket
) -> None:
    returning = asyncio.create_task(phone.reconnect())
    again = await glasses_cloud.next_socket()
    await again.acknowledge("com.example.hello")
    ack = await returning
    assert ack["userSession"]["activeAppSessions"] == ["com.example.hello"]
    await again.show("back")
    assert (await phone.wait_for(DisplayEvent))["layout"]["text"] == "back"


async def test_a_wait_returns_each_message_once_and_finds_earlier_ones(
    phone: SimulatedPhone, socket: GlassesSocket
) -> None:
    for package in ("a.a", "b.b", "c.c"):
        await socket.send("app_started", packageName=package, timestamp=AT)
    await socket.send("app_stopped", packageName="a.a", timestamp=AT)
    second = await phone.wait_for(AppStarted, lambda message: message["packageName"] == "b.b")
    first = await phone.wait_for("app_started")
    either = await phone.wait_for((AppStopped, AppStarted))
    last = await phone.wait_for((AppStopped, AppStarted))
    names = [message["packageName"] for message in (second, first, either, last)]
    assert names == ["b.b", "a.a", "c.c", "a.a"]
    assert len([message for message in phone.messages if message["type"] == "app_started"]) == 3


async def test_a_wait_in_vain_names_what_did_not_come(phone: SimulatedPhone, socket: GlassesSocket) -> None:
    with pytest.raises(NothingCame, match=r"app_started did not come within 0\.01 s"):
        await phone.wait_for("app_started", timeout_seconds=0.01)


async def test_a_wait_ends_with_the_connection(phone: SimulatedPhone, socket: GlassesSocket) -> None:
    waiting = asyncio.create_task(phone.wait_for("app_started"))
    lost = asyncio.create_task(phone.wait_lost())
    await socket.close(1001, "Server shutting down")
    with pytest.raises(ConnectionLost) as loss:
        await waiting
    assert (loss.value.code, loss.value.reason) == (1001, "Server shutting down")
    assert (await lost).code == 1001
    with pytest.raises(ConnectionLost):
        await phone.press()


async def test_it_keeps_what_display_and_microphone_should_be(
    phone: SimulatedPhone, socket: GlassesSocket
) -> None:
    await socket.show("one")
    await socket.show("two")
    await socket.set_microphone(True)
    await phone.wait_for("microphone_state_change")
    assert phone.display is not None
    assert phone.display.layout == TextWall("two")
    assert phone.microphone is not None
    assert phone.microphone.is_microphone_enabled


async def test_unknown_and_odd_messages_are_kept_and_harmless(
    phone: SimulatedPhone, socket: GlassesSocket
) -> None:
    await socket.send("from_the_future", x=1)
    await socket.send("display_event", view=3)
    await socket.connection.send("{}")
    await socket.show("still there")
    await phone.wait_for("from_the_future")
    await phone.wait_for(DisplayEvent, lambda message: message["view"] == "main")
    assert phone.is_connected


async def test_without_a_pong_it_breaks_the_connection(glasses_cloud: FakeGlassesCloud) -> None:
    phone = SimulatedPhone(glasses_cloud.address, TOKEN, ping_seconds=0.02)
    connecting = asyncio.create_task(phone.connect())
    socket = await glasses_cloud.next_socket()
    await socket.acknowledge()
    await connecting
    for _ in range(3):
        await socket.next_of("ping")
        await socket.send("pong")
    assert (await socket.closed())[0] == 1006
    await phone.close()


async def test_a_hardware_request_is_answered(phone: SimulatedPhone, socket: GlassesSocket) -> None:
    await socket.send(
        "rgb_led_control",
        sessionId=USER,
        requestId="led_1",
        appId="a.b",
        packageName="a.b",
        action="on",
        color="red",
        ontime=1,
        offtime=1,
        count=1,
    )
    assert await socket.next_of("rgb_led_control_response") == {"requestId": "led_1", "success": True}


async def test_the_watcher_sees_both_directions(glasses_cloud: FakeGlassesCloud) -> None:
    seen: list[str] = []
    phone = SimulatedPhone(
        glasses_cloud.address, TOKEN, watcher=lambda direction, text: seen.append(f"{direction} {text}")
    )
    connecting = asyncio.create_task(phone.connect())
    await (await glasses_cloud.next_socket()).acknowledge()
    await connecting
    await phone.head_up()
    await phone.close()
    assert seen[0].startswith('in {"type": "connection_ack"')
    assert 'out {"type":"head_position","position":"up"}' in seen
