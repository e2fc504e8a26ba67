"""Who uses what of phone and glasses: whose light is on, who asked for Wi-Fi a moment ago. Times in seconds."""

from dataclasses import dataclass, field
from typing import Any, Final

WIFI_PAUSE_SECONDS: Final = 10.0


@dataclass(slots=True)
class HardwareUsage:
    """What must be known of requests that were carried out. The light is one for all apps: the last one has it.

    `lit_until` is a time of the calendar, so that it means the same to the session's next owner.
    """

    lit_by: str = ""
    lit_until: float = 0.0
    _wifi_asked_at: dict[str, float] = field(default_factory=dict)

    def switched_on(self, package_name: str, until: float) -> None:
        """Note that an app has the light, until it goes out by itself."""
        self.lit_by, self.lit_until = package_name, until

    def switched_off(self) -> None:
        """Note that the light is off."""
        self.lit_by = ""

    def has_light_of(self, now: float) -> str:
        """Return whose light is on; empty when none is."""
        return self.lit_by if now < self.lit_until else ""

    def may_ask_for_wifi(self, package_name: str, now: float) -> bool:
        """Whether an app may have the user asked for Wi-Fi now."""
        asked_at = self._wifi_asked_at.get(package_name)
        return asked_at is None or now - asked_at >= WIFI_PAUSE_SECONDS

    def asked_for_wifi(self, package_name: str, now: float) -> None:
        """Note that an app had the user asked."""
        self._wifi_asked_at[package_name] = now

    def snapshot(self) -> dict[str, Any]:
        """Return what the next owner should know, JSON-able."""
        return {"litBy": self.lit_by, "litUntil": self.lit_until}

    def restore(self, kept: dict[str, Any]) -> None:
        """Take over a snapshot."""
        self.lit_by, self.lit_until = kept.get("litBy", ""), kept.get("litUntil", 0.0)
