"""Calendar and notifications (glasses-socket §4.3)."""

from sessions_app.handlers.registry import from_glasses
from sessions_app.handlers.relaying import relay
from sessions_app.lifecycle.reconciling import remember
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.protocol.base import message_type
from sessions_app.protocol.glasses_to_cloud import (
    CalendarEvent,
    PhoneNotification,
    PhoneNotificationDismissed,
)
from sessions_app.streams.rules import Event


@from_glasses(CalendarEvent)
def on_calendar_event(runtime: SessionRuntime, message: CalendarEvent, raw: str) -> None:
    """Keep an event for apps that subscribe later, and pass it on."""
    runtime.data.remember_event(message.event_id, raw)
    remember(runtime)
    relay(runtime, Event("calendar_event"), raw)


@from_glasses(PhoneNotification, PhoneNotificationDismissed)
def on_notification(
    runtime: SessionRuntime, message: PhoneNotification | PhoneNotificationDismissed, raw: str
) -> None:
    """Pass a notification or its end on."""
    relay(runtime, Event(message_type(type(message))), raw)
