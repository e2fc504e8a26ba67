"""What the cloud tells an app as it attaches (app-socket §3.3), and the settings of an app by its definitions."""

from collections.abc import Iterable, Mapping
from typing import Any

from mentra_sdk.testing import streams
from mentra_sdk.testing.app_run import AppRun
from mentra_sdk.testing.hardware import Hardware

PLATFORM = {"metricSystemEnabled": True, "timezone": "Europe/Berlin"}


def send_welcome(run: AppRun, hardware: Hardware, kind: str) -> None:
    """Acknowledge an app, tell it the state of the glasses and then what it missed while it was away."""
    run.send(
        kind,
        settings=run.settings,
        mentraosSettings={**PLATFORM, "permissions": streams.granted(run.app.permissions)},
        capabilities=hardware.capabilities,
        config=None,
        subscriptions=run.subscriptions or [],
        userId=run.user_id,
    )
    run.send("device_state_update", state=hardware.state, fullSnapshot=True)
    run.release()


def with_values(definitions: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the settings that have a value: the one given with it, or else the default."""
    return [
        {**entry, "value": entry.get("value", entry.get("defaultValue"))}
        for entry in definitions
        if "key" in entry
    ]


def change_setting(run: AppRun, key: str, value: Any) -> list[dict[str, Any]]:
    """Change a setting and tell the app; return all keys with their values."""
    before = next((entry for entry in run.settings if entry["key"] == key), {"key": key})
    run.settings = [entry for entry in run.settings if entry["key"] != key] + [{**before, "value": value}]
    run.send("settings_update", settings=run.settings, packageName=run.package_name)
    return [{"key": entry["key"], "value": entry["value"]} for entry in run.settings]
