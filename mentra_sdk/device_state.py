"""What is known of the glasses, each fact as an observable (streams-and-permissions §5)."""

from typing import Any, get_args, get_type_hints

import msgspec

from mentra_sdk.handlers import Log, Tasks
from mentra_sdk.observables import Observable


class DeviceState:
    """Facts about the user's glasses; a `value` of None means that nobody knows. Levels in percent."""

    connected: Observable[bool]
    model_name: Observable[str]
    device_model: Observable[str]
    battery_level: Observable[float]
    charging: Observable[bool]
    case_battery_level: Observable[float]
    case_charging: Observable[bool]
    case_open: Observable[bool]
    case_removed: Observable[bool]
    wifi_connected: Observable[bool]
    wifi_ssid: Observable[str]
    wifi_local_ip: Observable[str]
    hotspot_enabled: Observable[bool]
    hotspot_ssid: Observable[str]
    hotspot_gateway_ip: Observable[str]
    fw_version: Observable[str]
    app_version: Observable[str]
    build_number: Observable[str | int]
    android_version: Observable[str]
    bluetooth_name: Observable[str]
    style: Observable[str]
    color: Observable[str]

    def __init__(self, tasks: Tasks, log: Log) -> None:
        self._log = log
        self._facts: dict[str, Observable[Any]] = {}
        for name in _KINDS:
            self._facts[name] = Observable(tasks, log)
            setattr(self, name, self._facts[name])

    def as_dict(self) -> dict[str, Any]:
        """Return everything that is known, by name."""
        return {name: fact.value for name, fact in self._facts.items() if fact.value is not None}

    def update(self, report: dict[str, Any], *, full_snapshot: bool = False) -> None:
        """Take over what the cloud reports: all there is, or what changed. What does not fit is logged and skipped."""
        for name, fact in self._facts.items():
            if (key := _WIRE_NAMES[name]) in report:
                self._take(name, fact, report[key])
            elif full_snapshot:
                fact.set(None)

    def _take(self, name: str, fact: Observable[Any], value: object) -> None:
        try:
            fact.set(msgspec.convert(value, _KINDS[name] | None))
        except msgspec.ValidationError as problem:
            self._log.warning("ignored %s of the glasses: %s", name, problem)


def _wire_name(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)


_KINDS: dict[str, Any] = {name: get_args(hint)[0] for name, hint in get_type_hints(DeviceState).items()}
_WIRE_NAMES = {name: _wire_name(name) for name in _KINDS}
