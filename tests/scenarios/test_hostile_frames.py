"""Frames that no honest peer sends: answered as specified, while session, socket and server live on."""

import asyncio
import contextlib
import json

import pytest
from websockets.exceptions import ConnectionClosed

from tests.support.stage import Person, RawMiniApp, Stage
from tests.support.wire import Peer, RawApp, RawPhone

BAD_FRAMES: dict[str, str] = {
    "empty": "",
    "not JSON": "hello",
    "cut off": '{"type":"button_press"',
    "a number": "17",
    "null": "null",
    "a list": '[{"type":"ping"}]',
    "a string": '"ping"',
    "no type": '{"buttonId":"main"}',
    "type is a number": '{"type":17}',
    "type is null": '{"type":null}',
    "type is a list": '{"type":["ping"]}',
    "empty type": '{"type":""}',
    "very deep": '{"type":"button_press","x":' + "[" * 20000 + "]" * 20000 + "}",
    "deep and cut off": "[" * 100000,
    "huge number": '{"type":"glasses_battery_update","level":' + "9" * 5000 + ',"charging":true}',
    "not a number": '{"type":"glasses_battery_update","level":NaN}',
    "wrong field types": '{"type":"button_press","buttonId":{},"pressType":[]}',
    "lone surrogate": '{"type":"button_press","buttonId":"\\ud800","pressType":"short"}',
    "null byte": '{"type":"button_press","buttonId":"\\u0000","pressType":"short"}',
    "half a megabyte": json.dumps({"type": "custom", "x": "y" * 500_000}),
    "internal name": '{"type":"__class__","__init__":{}}',
    "cloud's own type": '{"type":"connection_ack","sessionId":"someone@else.example"}',
    "start without package": '{"type":"start_app"}',
    "start of a number": '{"type":"start_app","packageName":17}',
    "start of a path": '{"type":"start_app","packageName":"../../etc/passwd"}',
    "start with a null byte": '{"type":"start_app","packageName":"com.example\\u0000.x"}',
}

APP_FRAMES: dict[str, str] = BAD_FRAMES | {
    "subscriptions are a number": '{"type":"subscription_update","subscriptions":5}',
    "subscriptions are missing": '{"type":"subscription_update"}',
    "subscriptions of everything": json.dumps(
        {"type": "subscription_update", "subscriptions": [None, 5, [], {}, "", "x" * 10_000, {"stream": 5}]}
    ),
    "ten thousand subscriptions": json.dumps(
        {"type": "subscription_update", "subscriptions": [f"custom_{number}" for number in range(10_000)]}
    ),
    "display without layout": '{"type":"display_event","view":"main"}',
    "display of nothing known": '{"type":"display_event","layout":{"layoutType":"hologram"}}',
    "endless duration": '{"type":"display_event","layout":{"layoutType":"clear_view"},"durationMs":1e308}',
    "negative duration": '{"type":"display_event","layout":{"layoutType":"clear_view"},"durationMs":-5}',
    "request without id": '{"type":"photo_request"}',
    "dashboard of a number": '{"type":"dashboard_content_update","content":5,"modes":"main"}',
    "release of nothing": '{"type":"ownership_release","reason":{}}',
}


async def cast(stage: Stage) -> tuple[Person, RawPhone, RawMiniApp, RawApp]:
    """Return a phone and a running app that hears buttons."""
    ada = await stage.person()
    app = await stage.raw_app(ada, permissions=["ALL"])
    phone = await stage.phone(ada)
    socket = await stage.start_c(phone, ada, app)
    await socket.subscribe("button_press", "head_position")
    await stage.until_subscribed(ada, app.package_name, "button_press", "head_position")
    return ada, phone, app, socket


async def assert_all_is_well(phone: RawPhone, app: RawApp) -> None:
    """Both sockets are open and carry events."""
    await phone.barrier()
    await phone.send("head_position", position="up")
    await app.take("data_stream", streamType="head_position")
    await app.send("ping")
    await app.take("pong")


async def test_bad_frames_of_a_phone_harm_nothing(stage: Stage) -> None:
    _, phone, _, socket = await cast(stage)

    for name, frame in BAD_FRAMES.items():
        await phone.send_raw(frame)
        await phone.send("ping")
        assert await answered(phone), f"no answer after: {name}"

    await assert_all_is_well(phone, socket)
    assert not phone.inbox.seen(type="connection_error")


async def test_bad_frames_of_an_app_harm_nothing(stage: Stage) -> None:
    ada, phone, app, socket = await cast(stage)

    for name, frame in APP_FRAMES.items():
        await socket.send_raw(frame)
        await socket.send("ping")
        assert await answered(socket), f"no answer after: {name}"

    await socket.subscribe("head_position")
    await stage.until_subscribed(ada, app.package_name, "head_position")
    await assert_all_is_well(phone, socket)


@pytest.mark.parametrize("frame", ["hello", '{"type":"subscription_update","subscriptions":5}', '{"x":1}'])
async def test_an_app_is_told_that_its_message_was_malformed(stage: Stage, frame: str) -> None:
    _, _, _, socket = await cast(stage)

    await socket.send_raw(frame)

    error = await socket.take("tpa_connection_error", code="MALFORMED_MESSAGE")
    assert error["message"]
    assert socket.is_open()


async def test_binary_rubbish_of_an_app_is_dropped(stage: Stage) -> None:
    _, phone, _, socket = await cast(stage)

    for rubbish in (
        b"",
        b"x",
        b"y" * 35,
        b"\xff" * 36,
        b"8f14e45f-ceea-467f-9575-6a1c54a5f3b1" + bytes(5000),
    ):
        await socket.send_raw(rubbish)

    await assert_all_is_well(phone, socket)


async def test_a_frame_beyond_every_limit_ends_only_its_own_socket(stage: Stage) -> None:
    ada, phone, _, socket = await cast(stage)
    other, others_phone, _, others_socket = await cast(stage)

    with contextlib.suppress(ConnectionClosed):
        await phone.send_raw(bytes(17 * 1024 * 1024))
    await phone.closed(10)

    again = await stage.phone(ada)
    await assert_all_is_well(again, socket)
    await assert_all_is_well(others_phone, others_socket)
    assert other.email != ada.email


async def test_a_flood_of_one_phone_does_not_delay_another(stage: Stage) -> None:
    _, loud, _, _ = await cast(stage)
    _, quiet, _, _ = await cast(stage)
    flood = asyncio.create_task(pour(loud, 5000))

    for _ in range(5):
        async with asyncio.timeout(5):
            await quiet.barrier()

    await flood
    async with asyncio.timeout(10):
        await loud.barrier()


async def test_a_flood_of_displays_ends_with_the_last_one_on_the_glasses(stage: Stage) -> None:
    _, phone, app, socket = await cast(stage)

    for number in range(1000):
        await socket.send("display_event", layout={"layoutType": "text_wall", "text": f"{number}"})

    await phone.take("display_event", 15, packageName=app.package_name, layout={"text": "999"})
    assert len(phone.inbox.seen(type="display_event", packageName=app.package_name)) < 50
    await assert_all_is_well(phone, socket)


async def pour(phone: RawPhone, count: int) -> None:
    for number in range(count):
        await phone.send("button_press", buttonId=f"b{number}", pressType="short")


async def answered(peer: Peer) -> bool:
    """Say whether the ping that was just sent is answered."""
    try:
        await peer.take("pong")
    except AssertionError:
        return False
    return True
