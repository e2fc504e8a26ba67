"""What this app may do for this user (app-socket §3.3, §8.6)."""

from typing import Any

from mentra_sdk.events import PermissionProblem, PermissionRefused
from mentra_sdk.handlers import Handler, Log, Signal, Subscription, Tasks

NAMES = ("location", "microphone", "camera", "notifications", "calendar")


class Permissions:
    """The permissions the app declared and the user granted."""

    def __init__(self, tasks: Tasks, log: Log) -> None:
        self._granted: frozenset[str] = frozenset()
        self._updated: Signal[list[str]] = Signal(tasks, log)
        self._refused: Signal[PermissionRefused] = Signal(tasks, log)
        self._failed: Signal[PermissionProblem] = Signal(tasks, log)

    def has(self, name: str) -> bool:
        """Tell whether `name` (one of NAMES, in any case) is granted."""
        return name.lower() in self._granted

    def list_granted(self) -> list[str]:
        """Return the names of the granted permissions."""
        return sorted(self._granted)

    def on_update(self, handler: Handler[list[str]]) -> Subscription:
        """Call `handler` with the names of the granted permissions whenever they change."""
        return self._updated.connect(handler)

    def on_refused(self, handler: Handler[PermissionRefused]) -> Subscription:
        """Call `handler` when the cloud refuses a stream that this app asked for."""
        return self._refused.connect(handler)

    def on_error(self, handler: Handler[PermissionProblem]) -> Subscription:
        """Call `handler` once for all that the cloud refuses at a time, besides `on_refused` for each stream."""
        return self._failed.connect(handler)

    def update(self, platform_settings: dict[str, Any]) -> None:
        """Read the permissions out of what an ack or a settings update carries; those it does not name stay."""
        source = platform_settings.get("permissions") or platform_settings.get("appPermissions")
        named = source if isinstance(source, dict) else platform_settings
        known = {name: name in self._granted for name in NAMES}
        said = {name: named[name] is True for name in NAMES if name in named}
        before = self._granted
        self._granted = frozenset(name for name, granted in {**known, **said}.items() if granted)
        if self._granted != before:
            self._updated.emit(self.list_granted())

    def report_refused(self, refused: PermissionRefused) -> None:
        """Tell the handlers of a refusal."""
        self._refused.emit(refused)

    def report_problem(self, problem: PermissionProblem) -> None:
        """Tell the handlers of a summary of refusals."""
        self._failed.emit(problem)
