"""The glasses as a device, against the messages of a cloud under the test's control."""

from typing import Any

import pytest

from mentra_sdk.device_state import DeviceState
from tests.mentra_sdk.stage import Stage, content


async def report(stage: Stage, *, full: bool = False, **state: Any) -> None:
    await stage.socket.send("device_state_update", state=state, fullSnapshot=full)


async def test_each_fact_about_the_glasses_is_kept_and_told_when_it_changes(stage: Stage) -> None:
    state = stage.session.device.state
    state.battery_level.on_change(stage.seen.append)
    await report(stage, full=True, connected=True, batteryLevel=50, unheardOf=1)
    await report(stage, batteryLevel=49)
    await report(stage, batteryLevel=49, charging=True)
    await report(stage, batteryLevel="full", wifiSsid="lab")
    await stage.settle()
    assert stage.seen == [50, 49]
    assert (state.connected.value, state.battery_level.value, state.wifi_ssid.value) == (True, 49, "lab")
    await report(stage, full=True, connected=False, batteryLevel=None)
    await stage.settle()
    assert stage.seen == [50, 49, None]
    assert (state.charging.value, state.connected.value) == (None, False)


async def test_what_is_known_already_is_told_at_once(stage: Stage) -> None:
    state = stage.session.device.state
    await report(stage, wifiConnected=False)
    await stage.settle()
    tie = state.wifi_connected.on_change(stage.seen.append)
    assert stage.seen == [False]
    tie.cancel()
    state.hotspot_ssid.on_change(stage.seen.append)
    await report(stage, wifiConnected=True)
    await stage.settle()
    assert stage.seen == [False]


async def test_all_that_is_known_is_read_at_once(stage: Stage) -> None:
    await report(stage, fwVersion="1.2", buildNumber=7, hotspotGatewayIp="10.0.0.1")
    await stage.settle()
    assert stage.session.device.state.as_dict() == {
        "model_name": "Even Realities G1",
        "fw_version": "1.2",
        "build_number": 7,
        "hotspot_gateway_ip": "10.0.0.1",
    }


async def test_every_fact_has_the_name_of_the_protocol(stage: Stage) -> None:
    device = stage.session.device
    everything = {
        "connected": True,
        "modelName": "Mentra Live",
        "deviceModel": "K900",
        "batteryLevel": 72,
        "charging": False,
        "caseBatteryLevel": 40,
        "caseCharging": True,
        "caseOpen": False,
        "caseRemoved": True,
        "wifiConnected": True,
        "wifiSsid": "lab",
        "wifiLocalIp": "10.0.0.2",
        "hotspotEnabled": True,
        "hotspotSsid": "glasses",
        "hotspotGatewayIp": "10.0.0.1",
        "fwVersion": "1",
        "appVersion": "2",
        "buildNumber": "3",
        "androidVersion": "11",
        "bluetoothName": "live-1",
        "style": "round",
        "color": "black",
    }
    device.state.update(everything, full_snapshot=True)
    assert list(device.state.as_dict().values()) == list(everything.values())
    assert len(DeviceState.__annotations__) == len(everything)


async def test_a_battery_event_is_also_a_fact(stage: Stage) -> None:
    async def hear(event: Any) -> None:
        stage.seen.append((event.level, event.charging))

    stage.session.device.on_battery_update(hear)
    await stage.socket.send_event("glasses_battery_update", {"level": 72, "charging": True})
    await stage.settle()
    state = stage.session.device.state
    assert stage.seen == [(72, True)]
    assert (state.battery_level.value, state.charging.value) == (72, True)


async def test_several_gestures_share_a_handler(stage: Stage) -> None:
    stage.session.device.on_touch_event(
        lambda event: stage.seen.append(event.gesture_name), gesture=["double_tap", "up_swipe"]
    )
    assert await stage.subscriptions() == ["touch_event:double_tap", "touch_event:up_swipe"]
    for gesture in ("double_tap", "up_swipe"):
        await stage.socket.send_event(f"touch_event:{gesture}", {"gesture_name": gesture})
    await stage.settle()
    assert stage.seen == ["double_tap", "up_swipe"]


async def test_positions_in_a_mapped_place_arrive_as_objects(stage: Stage) -> None:
    stage.session.device.on_vps_coordinates(lambda where: stage.seen.append((where.x, where.z, where.qw)))
    assert await stage.subscriptions() == ["vps_coordinates"]
    await stage.socket.send_event("vps_coordinates", {"x": 1.2, "y": 0.1, "z": -3.4, "qw": 0.5})
    await stage.settle()
    assert stage.seen == [(1.2, -3.4, 0.5)]


async def test_the_user_is_asked_for_wifi(stage: Stage) -> None:
    stage.session.device.request_wifi_setup("Streaming needs Wi-Fi")
    stage.session.device.request_wifi_setup()
    messages = [await stage.socket.next_of("request_wifi_setup") for _ in range(2)]
    assert [content(each) for each in messages] == [{"reason": "Streaming needs Wi-Fi"}, {}]


@pytest.mark.parametrize(
    ("profile", "lines"),
    [
        ({"hasDisplay": True, "display": {"maxTextLines": 5}}, 5),
        ({"hasDisplay": True, "display": {"maxTextLines": "many"}}, None),
        ({"hasDisplay": False}, None),
        (None, None),
    ],
)
async def test_how_many_lines_there_are_is_what_the_profile_says(
    stage: Stage, profile: dict[str, Any] | None, lines: int | None
) -> None:
    stage.session.device.on_capabilities_change(stage.seen.append)
    await stage.socket.send("capabilities_update", capabilities=profile, modelName=None)
    await stage.settle()
    assert stage.seen
    assert stage.session.device.max_text_lines == lines
