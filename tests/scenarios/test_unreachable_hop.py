"""Requests for hardware that is away are answered, naming the hop, and never close a socket (P-1, P-40)."""

from typing import Any

from tests.support.stage import Person, RawMiniApp, Stage
from tests.support.wire import RawApp, RawPhone

PHOTO: dict[str, Any] = {
    "type": "photo_request",
    "requestId": "photo_1",
    "size": "medium",
    "compress": "none",
}
LIGHT: dict[str, Any] = {
    "type": "rgb_led_control",
    "requestId": "led_1",
    "action": "on",
    "color": "green",
    "count": 1,
}
SOUND: dict[str, Any] = {
    "type": "audio_play_request",
    "requestId": "audio_1",
    "audioUrl": "https://example.com/a.mp3",
    "volume": 1,
    "stopOtherAudio": True,
}
# Each request with the message that settles it (app-socket §8.5).
ANSWERED_BY = [(PHOTO, "photo_response"), (LIGHT, "rgb_led_control_response"), (SOUND, "audio_play_response")]


async def cast(stage: Stage, *permissions: str) -> tuple[Person, RawPhone, RawMiniApp, RawApp]:
    ada = await stage.person()
    app = await stage.raw_app(ada, permissions=permissions)
    phone = await stage.phone(ada, glasses="Mentra Live")
    socket = await stage.start_c(phone, ada, app)
    return ada, phone, app, socket


async def assert_usable(socket: RawApp) -> None:
    await socket.send("ping")
    await socket.take("pong")
    assert socket.is_open()


async def test_a_phone_that_is_away_is_named(stage: Stage) -> None:
    ada, phone, _, socket = await cast(stage, "CAMERA")
    await phone.abort()
    await stage.until_session(ada, "disconnected", lambda row: row["state"] == "DISCONNECTED")

    for request, _ in ANSWERED_BY:
        await socket.send_message(request)
    await socket.send("request_wifi_setup", reason="Streaming needs Wi-Fi")

    for request, answer in ANSWERED_BY:
        reply = await socket.take(answer, 8, requestId=request["requestId"], success=False)
        assert "PHONE_DISCONNECTED" in str(reply["error"])
    await socket.take("tpa_connection_error", 8, code="PHONE_DISCONNECTED")
    await assert_usable(socket)


async def test_glasses_that_are_away_are_named(stage: Stage) -> None:
    _, phone, _, socket = await cast(stage, "CAMERA")
    await phone.send("glasses_connection_state", modelName="Mentra Live", status="DISCONNECTED")
    await phone.barrier()

    for request, _ in ANSWERED_BY:
        await socket.send_message(request)

    for request, answer in ANSWERED_BY:
        reply = await socket.take(answer, 8, requestId=request["requestId"], success=False)
        assert "GLASSES_DISCONNECTED" in str(reply["error"])
    await assert_usable(socket)


async def test_glasses_that_come_back_in_time_get_the_request(stage: Stage) -> None:
    _, phone, _, socket = await cast(stage, "CAMERA")
    await phone.send("glasses_connection_state", modelName="Mentra Live", status="DISCONNECTED")
    await phone.barrier()

    await socket.send_message(LIGHT)
    await phone.inbox.none(0.5, type="rgb_led_control")
    await phone.send("glasses_connection_state", modelName="Mentra Live", status="RECONNECTED")
    await phone.take("rgb_led_control", requestId="led_1", action="on")
    await phone.send("rgb_led_control_response", requestId="led_1", success=True)

    await socket.take("rgb_led_control_response", requestId="led_1", success=True)


async def test_a_photo_without_permission_is_refused(stage: Stage) -> None:
    _, phone, _, socket = await cast(stage)

    await socket.send_message(PHOTO)

    reply = await socket.take("photo_response", requestId="photo_1", success=False)
    assert reply["error"]["code"] == "PERMISSION_DENIED"
    await phone.barrier()
    assert not phone.inbox.seen(type="photo_request")
    await assert_usable(socket)


async def test_an_unknown_message_of_an_app_is_dropped_in_silence(stage: Stage) -> None:
    _, phone, _, socket = await cast(stage)

    await socket.send("message_of_tomorrow", packageName="com.example.other")

    await assert_usable(socket)
    assert not socket.inbox.seen(type="tpa_connection_error")
    await phone.barrier()
