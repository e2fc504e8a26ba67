"""The user's settings of this app, and those that concern every app (app-socket §8.3)."""

from typing import Any

import msgspec

from mentra_sdk.handlers import Handler, Log, Signal, Subscription, Tasks


class SettingChange(msgspec.Struct, frozen=True):
    """One setting and its value now and before; None where there is or was none."""

    key: str
    value: Any
    previous: Any


class AppSettings:
    """The values the user chose, over the defaults of the app's definitions."""

    def __init__(self, tasks: Tasks, log: Log) -> None:
        self._values: dict[str, Any] = {}
        self._platform: dict[str, Any] = {}
        self._changed: Signal[SettingChange] = Signal(tasks, log)
        self._received: Signal[dict[str, Any]] = Signal(tasks, log)

    def get(self, key: str, default: Any = None) -> Any:
        """Return the value of `key`, or `default` when it has none."""
        return self._values.get(key, default)

    def as_dict(self) -> dict[str, Any]:
        """Return a copy of all values."""
        return dict(self._values)

    @property
    def timezone(self) -> str | None:
        """The user's time zone as an IANA name, such as "Europe/Berlin"."""
        name = self._platform.get("timezone")
        return name if isinstance(name, str) and name else None

    @property
    def uses_metric_units(self) -> bool:
        """Tell whether the user wants metres and degrees Celsius."""
        return bool(self._platform.get("metricSystemEnabled", False))

    def on_change(self, handler: Handler[SettingChange], *, key: str | None = None) -> Subscription:
        """Call `handler` for each value that changes, or only for that of `key`."""
        if key is None:
            return self._changed.connect(handler)
        return self._changed.connect(lambda change: handler(change) if change.key == key else None)

    def on_update(self, handler: Handler[dict[str, Any]]) -> Subscription:
        """Call `handler` with all values whenever the cloud sends them, changed or not."""
        return self._received.connect(handler)

    def replace(self, entries: list[dict[str, Any]]) -> None:
        """Take over the complete list of the cloud and tell which values are different."""
        before = self._values
        self._values = {
            entry["key"]: entry["value"] if "value" in entry else entry.get("defaultValue")
            for entry in entries
            if isinstance(entry.get("key"), str)
        }
        self._tell_changes(before)
        self._received.emit(self.as_dict())

    def merge(self, entries: list[dict[str, Any]]) -> None:
        """Take over some values and tell which are different."""
        current = [{"key": key, "value": value} for key, value in self._values.items()]
        self.replace(current + entries)

    def update_platform(self, values: dict[str, Any]) -> None:
        """Take over settings that concern every app."""
        self._platform = {**self._platform, **values}

    def _tell_changes(self, before: dict[str, Any]) -> None:
        for key in before | self._values:
            value, previous = self._values.get(key), before.get(key)
            if value != previous:
                self._changed.emit(SettingChange(key, value, previous))
