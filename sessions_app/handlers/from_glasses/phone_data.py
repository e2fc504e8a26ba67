"""Calendar and notifications (glasses-socket §4.3)."""

import json

from sessions_app.handlers.registry import from_glasses
from sessions_app.handlers.relaying import relay
from sessions_app.lifecycle.reconciling import remember
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.protocol.glasses_to_cloud import (
    CalendarEvent,
    PhoneNotification,
    PhoneNotificationDismissed,
)
from sessions_app.protocol.streams import StreamName
from sessions_app.streams.rules import Event

# What apps are told of a dismissed notification; by REST a phone names only its id and key.
_OF_NOTIFICATION = ("app", "title", "content", "priority")


@from_glasses(CalendarEvent)
def on_calendar_event(runtime: SessionRuntime, message: CalendarEvent, raw: str) -> None:
    """Keep an event for apps that subscribe later, and pass it on."""
    runtime.data.remember_event(message.event_id, raw, runtime.upkeep.clock.now())
    runtime.screen.dashboard.facts_changed()
    remember(runtime)
    relay(runtime, Event(StreamName.CALENDAR_EVENT), raw)


@from_glasses(PhoneNotification)
def on_notification(runtime: SessionRuntime, message: PhoneNotification, raw: str) -> None:
    """Keep a notification until it is dismissed, put it on the dashboard, and pass it on."""
    runtime.data.remember_notification(message.notification_id, raw)
    said = [part for part in (message.title or message.app, message.content) if part]
    runtime.screen.dashboard.notify(message.notification_id, ": ".join(said))
    remember(runtime)
    relay(runtime, Event(StreamName.PHONE_NOTIFICATION), raw)


@from_glasses(PhoneNotificationDismissed)
def on_dismissed(runtime: SessionRuntime, message: PhoneNotificationDismissed, raw: str) -> None:
    """Forget a notification, and pass its end on with what is known of it."""
    runtime.screen.dashboard.dismiss(message.notification_id)
    known = runtime.data.notifications.pop(message.notification_id, "")
    if known:
        remember(runtime)
        raw = _completed(raw, known)
    relay(runtime, Event(StreamName.PHONE_NOTIFICATION_DISMISSED), raw)


def _completed(raw: str, known: str) -> str:
    said, notification = json.loads(raw), json.loads(known)
    absent = {
        name: notification[name]
        for name in _OF_NOTIFICATION
        if said.get(name) is None and notification.get(name) is not None
    }
    return json.dumps({**said, **absent}, allow_nan=False) if absent else raw
