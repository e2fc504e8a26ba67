"""What the phone has told of itself and its glasses; kept by the owner, part of the snapshot for the next one."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

from sessions_app.phone.capabilities import find_capabilities
from sessions_app.phone.device_state import DeviceState
from sessions_app.protocol.streams import StreamKey

MOST_CALENDAR_EVENTS = 50
MOST_KEPT_CHARACTERS = 16 * 1024
DEFAULT_TIER = "reduced"


@dataclass(slots=True)
class PhoneData:
    """State and caches. `calendar` and the `last_…` hold the raw JSON of the phone's messages.

    `default_wearable` is the model the user usually wears (rest §2), which counts until the phone names one;
    `settings_turn` is held while stored settings are read and passed on, so that the last to read is the last to tell.
    `subscriptions` are the phone's own (glasses-socket §4.1); `uses_old_names` says which names of streaming
    messages this phone understands (§5.5); `unsent` are changes of the device state that apps were not told yet.
    """

    user_settings: dict[str, Any] = field(default_factory=dict)
    default_wearable: str = ""
    settings_turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    device: DeviceState = field(default_factory=DeviceState)
    last_location: str = ""
    located_at: float = 0.0
    last_battery: str = ""
    last_connection: str = ""
    calendar: dict[str, str] = field(default_factory=dict)
    subscriptions: tuple[StreamKey, ...] = ()
    location_tier: str = DEFAULT_TIER
    uses_old_names: bool = False
    unsent: dict[str, Any] = field(default_factory=dict)

    @property
    def model_name(self) -> str | None:
        """The model of the glasses: as the phone last named it, else the one the user usually wears."""
        return self.device.model_name or self.default_wearable or None

    @property
    def capabilities(self) -> dict[str, Any] | None:
        """The profile of the user's glasses; None without glasses or for an unknown model."""
        model = self.model_name
        return find_capabilities(model) if model else None

    @staticmethod
    def keepable(raw: str) -> str:
        """Return a message that may be kept as it is; nothing of one that no honest phone sends."""
        return raw if len(raw) <= MOST_KEPT_CHARACTERS else ""

    def remember_event(self, event_id: str, raw: str) -> None:
        """Keep a calendar event for apps that subscribe later; the oldest make room."""
        self.calendar.pop(event_id, None)
        if not self.keepable(raw):
            return
        self.calendar[event_id] = raw
        while len(self.calendar) > MOST_CALENDAR_EVENTS:
            self.calendar.pop(next(iter(self.calendar)))

    def location_with(self, correlation_id: str) -> str:
        """Return the last position as the answer to a poll; there must be one."""
        location: dict[str, Any] = json.loads(self.last_location)
        return json.dumps({**location, "correlationId": correlation_id})

    def snapshot(self) -> dict[str, Any]:
        """Return what the next owner should know, JSON-able."""
        return {
            "device": self.device.state(),
            "location": self.last_location,
            "battery": self.last_battery,
            "connection": self.last_connection,
            "calendar": self.calendar,
        }

    def restore(self, kept: dict[str, Any]) -> None:
        """Take over a snapshot."""
        self.device.merge(kept.get("device", {}))
        self.last_location = kept.get("location", "")
        self.last_battery = kept.get("battery", "")
        self.last_connection = kept.get("connection", "")
        self.calendar = dict(kept.get("calendar", {}))
