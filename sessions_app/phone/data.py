"""What the phone has told of itself and its glasses; kept by the owner, part of the snapshot for the next one."""

import asyncio
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from sessions_app.phone.capabilities import find_capabilities
from sessions_app.phone.device_state import DeviceState
from sessions_app.phone.rules import remoteness
from sessions_app.protocol.streams import LocationTier, StreamKey

MOST_CALENDAR_EVENTS = 50
MOST_NOTIFICATIONS = 20
MOST_KEPT_CHARACTERS = 16 * 1024
DEFAULT_TIER = LocationTier.REDUCED.value

Capabilities = dict[str, Any] | None


class _Start(msgspec.Struct, rename={"at": "dtStart"}, gc=False):
    at: str = ""


_start_of = msgspec.json.Decoder(_Start).decode


@dataclass(slots=True)
class PhoneData:
    """State and caches. `calendar`, `notifications` and the `last_…` hold the raw JSON of the phone's messages.

    `default_wearable` is the model the user usually wears (rest §2), which counts until the phone names one;
    `settings_turn` is held while stored settings are read and passed on, so that the last to read is the last to tell.
    `located_at` is the time of the last position in seconds of the epoch. `location_tier` is what the phone was told,
    `polls` are the open questions for a position with their accuracy. `subscriptions` are the phone's own
    (glasses-socket §4.1); `uses_old_names` says which names of streaming messages this phone understands (§5.5).
    `unsent` are changes of the device state that apps were not told yet, `unrelayed` the names of those that are to be
    told as events too; `told_capabilities` are the model and profile that apps know.
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
    notifications: dict[str, str] = field(default_factory=dict)
    subscriptions: tuple[StreamKey, ...] = ()
    location_tier: str = DEFAULT_TIER
    polls: dict[str, str] = field(default_factory=dict)
    uses_old_names: bool = False
    unsent: dict[str, Any] = field(default_factory=dict)
    unrelayed: set[str] = field(default_factory=set)
    told_capabilities: tuple[str | None, Capabilities] = (None, None)

    @property
    def model_name(self) -> str | None:
        """The model of the glasses: as the phone last named it, else the one the user usually wears."""
        return self.device.model_name or self.default_wearable or None

    @property
    def capabilities(self) -> Capabilities:
        """The profile of the user's glasses; None without glasses or for an unknown model."""
        model = self.model_name
        return find_capabilities(model) if model else None

    @staticmethod
    def keepable(raw: str) -> str:
        """Return a message that may be kept as it is; nothing of one that no honest phone sends."""
        return raw if len(raw) <= MOST_KEPT_CHARACTERS else ""

    def remember_event(self, event_id: str, raw: str, now: datetime) -> None:
        """Keep a calendar event for apps that subscribe later; those farthest from now make room."""
        self.calendar.pop(event_id, None)
        if not self.keepable(raw):
            return
        self.calendar[event_id] = raw
        while len(self.calendar) > MOST_CALENDAR_EVENTS:
            self.calendar.pop(max(self.calendar, key=lambda known: _farness(self.calendar[known], now)))

    def remember_notification(self, notification_id: str, raw: str) -> None:
        """Keep a notification until it is dismissed; the oldest make room."""
        self.notifications.pop(notification_id, None)
        if not self.keepable(raw):
            return
        self.notifications[notification_id] = raw
        while len(self.notifications) > MOST_NOTIFICATIONS:
            self.notifications.pop(next(iter(self.notifications)))

    def location_with(self, correlation_id: str) -> str:
        """Return the last position as the answer to a poll; there must be one."""
        location: dict[str, Any] = json.loads(self.last_location)
        return json.dumps({**location, "correlationId": correlation_id})

    def snapshot(self) -> dict[str, Any]:
        """Return what the next owner should know, JSON-able."""
        return {
            "device": self.device.state(),
            "location": self.last_location,
            "locatedAt": self.located_at,
            "locationTier": self.location_tier,
            "battery": self.last_battery,
            "connection": self.last_connection,
            "calendar": self.calendar,
            "notifications": self.notifications,
            "oldNames": self.uses_old_names,
        }

    def restore(self, kept: dict[str, Any]) -> None:
        """Take over a snapshot."""
        self.device.merge(kept.get("device", {}))
        self.last_location = kept.get("location", "")
        self.located_at = kept.get("locatedAt", 0.0)
        self.location_tier = kept.get("locationTier", DEFAULT_TIER)
        self.last_battery = kept.get("battery", "")
        self.last_connection = kept.get("connection", "")
        self.calendar = dict(kept.get("calendar", {}))
        self.notifications = dict(kept.get("notifications", {}))
        self.uses_old_names = bool(kept.get("oldNames"))
        self.told_capabilities = (self.model_name, self.capabilities)


def _farness(raw: str, now: datetime) -> float:
    return remoteness(_start_of(raw).at, now)
