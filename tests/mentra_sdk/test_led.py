"""The light of the glasses, against the messages of a cloud under the test's control."""

import pytest

from tests.mentra_sdk.stage import Stage, content


async def test_light_is_asked_for_as_sdk_3_does(stage: Stage) -> None:
    led = stage.session.led
    led.set_color("white")
    led.set_color("red", duration_seconds=0.5)
    led.set_color("green", on_seconds=0.25, off_seconds=0.75, count=3)
    led.off()
    messages = [await stage.socket.next_of("rgb_led_control") for _ in range(4)]
    assert [content(each) for each in messages] == [
        {"action": "on", "color": "white", "ontime": 1000, "offtime": 0, "count": 1},
        {"action": "on", "color": "red", "ontime": 500, "offtime": 0, "count": 1},
        {"action": "on", "color": "green", "ontime": 250, "offtime": 750, "count": 3},
        {"action": "off"},
    ]
    assert len({each["requestId"] for each in messages}) == 4
    with pytest.raises(ValueError, match="blink"):
        led.set_color("red", duration_seconds=1, on_seconds=1)


async def test_a_light_that_cannot_be_switched_is_told(stage: Stage) -> None:
    stage.session.on_error(lambda error: stage.seen.append((error.code, error.message, error.request_id)))
    await stage.socket.send("rgb_led_control_response", requestId="l1", success=True)
    await stage.socket.send(
        "rgb_led_control_response", requestId="l2", success=False, error="NOT_SUPPORTED: No light"
    )
    await stage.settle()
    assert stage.seen[0] == ("NOT_SUPPORTED", "No light", "l2")
