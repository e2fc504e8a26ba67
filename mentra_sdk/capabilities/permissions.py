"""What this app may do for this user (app-socket §3.3, §8.6)."""

from typing import Any

from mentra_sdk.events import PermissionRefused
from mentra_sdk.handlers import Handler, Log, Signal, Subscription, Tasks

NAMES = ("location", "microphone", "camera", "notifications", "calendar")


class Permissions:
    """The permissions the app declared and the user granted."""

    def __init__(self, tasks: Tasks, log: Log) -> None:
        self._granted: frozenset[str] = frozenset()
        self._refused: Signal[PermissionRefused] = Signal(tasks, log)

    def has(self, name: str) -> bool:
        """Tell whether `name` (one of NAMES, in any case) is granted."""
        return name.lower() in self._granted

    def list_granted(self) -> list[str]:
        """Return the names of the granted permissions."""
        return sorted(self._granted)

    def on_refused(self, handler: Handler[PermissionRefused]) -> Subscription:
        """Call `handler` when the cloud refuses a stream that this app asked for."""
        return self._refused.connect(handler)

    def update(self, platform_settings: dict[str, Any]) -> None:
        """Read the permissions out of what an ack or a settings update carries; without any, keep the old."""
        flat = {name: platform_settings[name] for name in NAMES if name in platform_settings}
        found = platform_settings.get("permissions") or platform_settings.get("appPermissions") or flat
        if isinstance(found, dict) and found:
            self._granted = frozenset(name for name in NAMES if found.get(name) is True)

    def report_refused(self, refused: PermissionRefused) -> None:
        """Tell the handlers of a refusal."""
        self._refused.emit(refused)
