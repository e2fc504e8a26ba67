"""What is known of the glasses (streams-and-permissions §5)."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions_app.phone.device_state import (
    DeviceState,
    battery_of,
    changes_of_battery,
    changes_of_connection,
    changes_of_core_status,
    connection_of,
    known_fields,
    settings_of_core_status,
    with_connection,
)
from sessions_app.protocol.fragments import WifiState
from sessions_app.protocol.glasses_to_cloud import GlassesBatteryUpdate, GlassesConnectionState

LIVE = {"modelName": "Mentra Live", "connected": True, "wifiConnected": True, "wifiSsid": "lab"}


def live() -> DeviceState:
    device = DeviceState()
    device.merge(LIVE)
    return device


def test_only_what_changed_is_returned() -> None:
    device = live()
    assert device.merge({"modelName": "Mentra Live", "batteryLevel": 50}) == {"batteryLevel": 50}
    assert device.merge({"batteryLevel": 50}) == {}


def test_null_means_unknown_and_absent_means_unchanged() -> None:
    device = live()
    assert device.merge({"wifiSsid": None}) == {"wifiSsid": None}
    assert device.state() == {**LIVE, "wifiSsid": None}
    assert device.merge({"wifiSsid": None, "wifiLocalIp": None}) == {}


def test_a_time_stamp_alone_is_no_change() -> None:
    device = live()
    assert device.merge({"timestamp": 5}) == {}
    assert device.merge({"timestamp": 6, "charging": True}) == {"timestamp": 6, "charging": True}


@pytest.mark.parametrize(
    "report",
    [
        {"batteryLevel": "full"},
        {"connected": "yes"},
        {"password": "x"},
        {"wifiSsid": "x" * 300},
        {"modelName": [1]},
    ],
)
def test_a_wrong_or_unknown_field_is_ignored_and_the_rest_counts(report: dict[str, Any]) -> None:
    assert live().merge({**report, "charging": True}) == {"charging": True}


@pytest.mark.parametrize("level", [-1, 101])
def test_an_impossible_battery_level_is_unknown(level: int) -> None:
    device = live()
    device.merge({"batteryLevel": 50})
    assert device.merge({"batteryLevel": level}) == {"batteryLevel": None}


def test_glasses_that_disconnect_take_their_wifi_with_them() -> None:
    device = live()
    changed = device.merge({"connected": False, "wifiConnected": True})
    assert changed == {"connected": False, "wifiConnected": None, "wifiSsid": None}
    assert device.wifi_connected is None
    assert not device.glasses_connected
    assert device.model_name == "Mentra Live"


def test_simulated_glasses_are_always_connected() -> None:
    device = DeviceState()
    device.merge({"modelName": "Simulated Glasses", "connected": False})
    assert device.connected
    assert device.merge({"connected": False}) == {}


def test_glasses_nobody_spoke_of_count_as_usable() -> None:
    device = DeviceState()
    assert device.connected is None
    assert device.glasses_connected


@pytest.mark.parametrize("name", ["", "None", " ", None])
def test_no_glasses_have_no_model(name: str | None) -> None:
    device = live()
    device.merge({"modelName": name})
    assert device.model_name is None


def test_apps_do_not_see_password_and_serial_number() -> None:
    device = live()
    changed = device.merge({"hotspotPassword": "secret", "serialNumber": "42", "color": "black"})
    assert device.public(changed) == {"color": "black"}
    assert device.public_state() == {**LIVE, "color": "black"}
    assert device.state()["serialNumber"] == "42"


@pytest.mark.parametrize(
    ("status", "connected"), [("CONNECTED", True), ("RECONNECTED", True), ("DISCONNECTED", False)]
)
def test_a_connection_report_says_whether_the_glasses_are_there(status: str, connected: bool) -> None:
    message = GlassesConnectionState(status=status, model_name="Mentra Live", wifi=WifiState(True, "lab"))
    assert changes_of_connection(message) == {
        "connected": connected,
        "modelName": "Mentra Live",
        "wifiConnected": True,
        "wifiSsid": "lab",
    }


def test_a_connection_report_without_a_model_keeps_the_last_one() -> None:
    device = live()
    device.merge(changes_of_connection(GlassesConnectionState(status="DISCONNECTED", model_name="")))
    assert device.model_name == "Mentra Live"


def test_an_unknown_connection_status_changes_nothing() -> None:
    assert changes_of_connection(GlassesConnectionState(status="CONNECTING")) == {}


def test_a_lost_wifi_loses_its_name() -> None:
    message = GlassesConnectionState(status="CONNECTED", wifi=WifiState(False, "lab"))
    assert changes_of_connection(message)["wifiSsid"] is None


def test_a_battery_report_leaves_out_what_it_does_not_say() -> None:
    assert changes_of_battery(GlassesBatteryUpdate(level=72)) == {"batteryLevel": 72}
    assert changes_of_battery(GlassesBatteryUpdate(level=72, charging=False)) == {
        "batteryLevel": 72,
        "charging": False,
    }


STATUS = {
    "core_info": {"brightness": 40, "metric_system_enabled": True, "force_core_onboard_mic": "maybe"},
    "glasses_settings": {"brightness": "55%", "head_up_angle": 25, "auto_brightness": True},
    "connected_glasses": {
        "model_name": "Even Realities G1",
        "battery_level": 88,
        "case_battery_level": -1,
        "glasses_serial_number": "7",
    },
}


@pytest.mark.parametrize("status", [STATUS, {"status": STATUS}])
def test_a_status_report_of_an_older_phone_is_understood(status: dict[str, Any]) -> None:
    device = DeviceState()
    device.merge(changes_of_core_status(status))
    assert device.state() == {
        "modelName": "Even Realities G1",
        "batteryLevel": 88,
        "serialNumber": "7",
        "connected": True,
    }
    assert settings_of_core_status(status) == {
        "brightness": 55,
        "metricSystemEnabled": True,
        "headUpAngle": 25,
        "autoBrightness": True,
    }


def test_a_status_report_without_glasses_says_they_are_away() -> None:
    assert changes_of_core_status({"connected_glasses": {}}) == {"connected": False}
    assert changes_of_core_status({"core_info": {}}) == {}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=8), inner, max_size=2),
    max_leaves=4,
)
names = st.sampled_from(
    ["modelName", "connected", "batteryLevel", "wifiSsid", "serialNumber", "timestamp", "odd"]
)
reports = st.dictionaries(names, json_values)


@given(st.lists(reports, max_size=6))
def test_any_reports_add_up_and_say_nothing_twice(items: list[dict[str, Any]]) -> None:
    device, told = DeviceState(), {}
    for report in items:
        told.update(device.merge(report))
        assert device.merge(report) == {}
    assert {name: value for name, value in told.items() if name != "timestamp"} == {
        name: value for name, value in device.state().items() if name != "timestamp"
    }
    assert "serialNumber" not in device.public_state()


core_names = st.sampled_from(
    ["status", "connected_glasses", "core_info", "model_name", "brightness", "sensing_enabled"]
)


@given(st.dictionaries(core_names, json_values | st.dictionaries(core_names, json_values)))
def test_no_status_report_breaks_the_reading(status: dict[str, Any]) -> None:
    DeviceState().merge(changes_of_core_status(status))
    assert all(isinstance(value, int) for value in settings_of_core_status(status).values())


@pytest.mark.parametrize(
    ("report", "connected"),
    [
        ({"modelName": "Mentra Live"}, True),
        ({"modelName": "Mentra Live", "connected": None}, True),
        ({"modelName": "Mentra Live", "connected": False}, False),
        ({"modelName": ""}, False),
        ({"modelName": "None"}, False),
        ({"modelName": None}, False),
        ({"connected": True}, True),
        ({"batteryLevel": 5}, None),
    ],
)
def test_a_model_stands_for_glasses_where_nothing_else_is_said(
    report: dict[str, Any], connected: bool | None
) -> None:
    device = DeviceState()
    device.merge(with_connection(report))
    assert device.connected is connected


def test_a_state_can_be_told_as_events() -> None:
    assert connection_of(LIVE) == {
        "type": "glasses_connection_state",
        "modelName": "Mentra Live",
        "status": "CONNECTED",
        "wifi": {"connected": True, "ssid": "lab"},
    }
    assert "wifi" not in connection_of({"connected": False})
    assert battery_of({"batteryLevel": 7}) == {"type": "glasses_battery_update", "level": 7}
    assert battery_of({"batteryLevel": 7, "charging": False})["charging"] is False


def test_only_what_is_known_of_glasses_and_can_be_written_is_taken() -> None:
    report = {
        "batteryLevel": "many",
        "wifiSsid": "\ud800",
        "nonsense": 1,
        "charging": True,
        "buildNumber": 2**70,
    }
    assert known_fields(report) == {"charging": True}
