"""The state of the glasses, put together from what the phone reports (streams-and-permissions §5).

Fields are named as on the wire (GlassesInfo). Absent means never reported, None means unknown. Must not know
whom a change concerns.
"""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from sessions_app.protocol.fragments import GlassesInfo
from sessions_app.protocol.glasses_to_cloud import GlassesBatteryUpdate, GlassesConnectionState

SIMULATED: Final = "Simulated Glasses"
LONGEST_TEXT: Final = 256
FULL_BATTERY: Final = 100
LARGEST_SETTING: Final = 100

_FIELDS: Final = frozenset(field.encode_name for field in msgspec.structs.fields(GlassesInfo))
_BATTERIES: Final = frozenset({"batteryLevel", "caseBatteryLevel"})
_WIFI: Final = ("wifiConnected", "wifiSsid", "wifiLocalIp")
_PRIVATE: Final = frozenset({"hotspotPassword", "serialNumber"})
_NO_MODEL: Final = frozenset({"", "None"})

_CONNECTED: Final = {"CONNECTED": True, "RECONNECTED": True, "DISCONNECTED": False}

_CORE_GLASSES: Final = {
    "model_name": "modelName",
    "battery_life": "batteryLevel",
    "battery_level": "batteryLevel",
    "is_charging": "charging",
    "case_battery_level": "caseBatteryLevel",
    "case_charging": "caseCharging",
    "case_open": "caseOpen",
    "case_removed": "caseRemoved",
    "bluetooth_name": "bluetoothName",
    "glasses_android_version": "androidVersion",
    "glasses_app_version": "appVersion",
    "glasses_build_number": "buildNumber",
    "glasses_color": "color",
    "glasses_device_model": "deviceModel",
    "glasses_hotspot_enabled": "hotspotEnabled",
    "glasses_hotspot_gateway_ip": "hotspotGatewayIp",
    "glasses_hotspot_password": "hotspotPassword",
    "glasses_hotspot_ssid": "hotspotSsid",
    "glasses_serial_number": "serialNumber",
    "glasses_style": "style",
    "glasses_wifi_connected": "wifiConnected",
    "glasses_wifi_local_ip": "wifiLocalIp",
    "glasses_wifi_ssid": "wifiSsid",
}

_CORE_SWITCHES: Final = {
    "always_on_status_bar_enabled": "alwaysOnStatusBar",
    "auto_brightness": "autoBrightness",
    "bypass_audio_encoding_for_debugging": "bypassAudioEncoding",
    "bypass_vad_for_debugging": "bypassVad",
    "contextual_dashboard_enabled": "contextualDashboard",
    "force_core_onboard_mic": "useOnboardMic",
    "metric_system_enabled": "metricSystemEnabled",
    "sensing_enabled": "sensingEnabled",
}
_CORE_NUMBERS: Final = {"brightness": "brightness", "head_up_angle": "headUpAngle"}


class DeviceState:
    """What is known of the glasses of one user."""

    def __init__(self) -> None:
        self._state: dict[str, Any] = {}

    @property
    def connected(self) -> bool | None:
        """Whether the glasses are connected to the phone; None before the first report."""
        return self._state.get("connected")

    @property
    def glasses_connected(self) -> bool:
        """Whether the glasses can be used: nothing says that they are away."""
        return self.connected is not False

    @property
    def model_name(self) -> str | None:
        """The model of the glasses, None without glasses."""
        return self._state.get("modelName")

    @property
    def wifi_connected(self) -> bool | None:
        """Whether the glasses are in a Wi-Fi network; None when unknown."""
        return self._state.get("wifiConnected")

    def merge(self, partial: Mapping[str, Any]) -> dict[str, Any]:
        """Take a report and return the fields that changed, empty when it says nothing new.

        Unknown fields and values of a wrong type are ignored. A time stamp alone is no change.
        """
        report = {name: _cleaned(name, value) for name, value in partial.items() if _is_valid(name, value)}
        if report.get("modelName", self.model_name) == SIMULATED:
            report["connected"] = True
        elif report.get("connected") is False:
            report.update(dict.fromkeys(_WIFI))
        changed = {name: value for name, value in report.items() if self._state.get(name) != value}
        if not changed.keys() - {"timestamp"}:
            return {}
        self._state.update(changed)
        return changed

    def state(self) -> dict[str, Any]:
        """Return everything known, for the next owner of the session."""
        return dict(self._state)

    def public_state(self) -> dict[str, Any]:
        """Return everything known that apps may know."""
        return self.public(self._state)

    @staticmethod
    def public(fields: Mapping[str, Any]) -> dict[str, Any]:
        """Return `fields` without those that are nobody's business but the phone's."""
        return {name: value for name, value in fields.items() if name not in _PRIVATE}


def known_fields(report: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of a report is the state of glasses: known names with values of the right type."""
    return {name: value for name, value in report.items() if _is_valid(name, value)}


def with_connection(report: Mapping[str, Any]) -> dict[str, Any]:
    """Return a report that says whether the glasses are connected: where it does not, a model stands for glasses."""
    if report.get("connected") is not None or "modelName" not in report:
        return dict(report)
    model = report["modelName"]
    return {**report, "connected": isinstance(model, str) and model.strip() not in _NO_MODEL}


def connection_of(state: Mapping[str, Any]) -> dict[str, Any]:
    """Return a state as the glasses_connection_state by which older SDKs learn of it (app-socket §6.2)."""
    message: dict[str, Any] = {
        "type": "glasses_connection_state",
        "modelName": state.get("modelName") or "",
        "status": "CONNECTED" if state.get("connected") else "DISCONNECTED",
    }
    if state.get("wifiConnected") is not None:
        message["wifi"] = {"connected": state["wifiConnected"], "ssid": state.get("wifiSsid")}
    return message


def battery_of(state: Mapping[str, Any]) -> dict[str, Any]:
    """Return a state, in which the charge is known, as a glasses_battery_update."""
    message = {"type": "glasses_battery_update", "level": state["batteryLevel"]}
    charging = state.get("charging")
    return message if charging is None else {**message, "charging": charging}


def changes_of_connection(message: GlassesConnectionState) -> dict[str, Any]:
    """Return what a glasses_connection_state says of the glasses; a lost model name keeps the last one."""
    changes: dict[str, Any] = {}
    connected = _CONNECTED.get(message.status.upper())
    if connected is not None:
        changes["connected"] = connected
    if message.model_name:
        changes["modelName"] = message.model_name
    if message.device_model:
        changes["deviceModel"] = message.device_model
    if message.wifi is not None:
        changes["wifiConnected"] = message.wifi.connected
        changes["wifiSsid"] = message.wifi.ssid if message.wifi.connected else None
    return changes


def changes_of_battery(message: GlassesBatteryUpdate) -> dict[str, Any]:
    """Return what a glasses_battery_update says of the glasses."""
    changes: dict[str, Any] = {"batteryLevel": message.level}
    if message.charging is not None:
        changes["charging"] = message.charging
    return changes


def changes_of_core_status(status: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the status report of a 2025 phone says of the glasses (glasses-socket §4.1)."""
    glasses = _part(_inner(status), "connected_glasses")
    if glasses is None:
        return {}
    if not glasses.get("model_name"):
        return {"connected": False}
    changes = {name: glasses[old] for old, name in _CORE_GLASSES.items() if old in glasses}
    return {**changes, "connected": True}


def settings_of_core_status(status: Mapping[str, Any]) -> dict[str, bool | int]:
    """Return the user settings in the status report of a 2025 phone, under their present names."""
    inner = _inner(status)
    reported = {**(_part(inner, "core_info") or {}), **(_part(inner, "glasses_settings") or {})}
    settings: dict[str, bool | int] = {
        name: reported[old] for old, name in _CORE_SWITCHES.items() if isinstance(reported.get(old), bool)
    }
    for old, name in _CORE_NUMBERS.items():
        number = _number(reported.get(old))
        if number is not None:
            settings[name] = number
    return settings


def _inner(status: Mapping[str, Any]) -> Mapping[str, Any]:
    return _part(status, "status") or status


def _part(status: Mapping[str, Any], name: str) -> Mapping[str, Any] | None:
    part = status.get(name)
    return part if isinstance(part, Mapping) else None


def _number(value: object) -> int | None:
    """Read a percentage or an angle, which some phones write as text such as `50%`."""
    if isinstance(value, str):
        digits = value.strip().removesuffix("%")[: len("1000")]
        value = int(digits) if digits.isascii() and digits.isdigit() else None
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= LARGEST_SETTING:
        return None
    return int(value)


def _is_valid(name: str, value: object) -> bool:
    if name not in _FIELDS or (isinstance(value, str) and len(value) > LONGEST_TEXT):
        return False
    try:
        msgspec.json.encode(msgspec.convert({name: value}, GlassesInfo))
    except (msgspec.ValidationError, UnicodeError):
        return False
    return True


def _cleaned(name: str, value: Any) -> Any:
    if name == "modelName" and value is not None:
        model = value.strip()
        return None if model in _NO_MODEL else model
    if name in _BATTERIES and value is not None and not 0 <= value <= FULL_BATTERY:
        return None
    return value
