"""What the user's phone tells: notifications and the calendar. Needs READ_NOTIFICATIONS or CALENDAR."""

from mentra_sdk.events import CalendarEvent, PhoneNotification, PhoneNotificationDismissed
from mentra_sdk.handlers import Handler, Subscription
from mentra_sdk.listeners import Listeners


class Notifications:
    """The notifications on the phone."""

    def __init__(self, listeners: Listeners) -> None:
        self._listeners = listeners

    def on(self, handler: Handler[PhoneNotification]) -> Subscription:
        """Call `handler` with each new notification."""
        return self._listeners.add(handler, keys=("phone_notification",), kind=PhoneNotification)

    def on_dismissed(self, handler: Handler[PhoneNotificationDismissed]) -> Subscription:
        """Call `handler` when the user wiped a notification away."""
        keys = ("phone_notification_dismissed",)
        return self._listeners.add(handler, keys=keys, kind=PhoneNotificationDismissed)


class Calendar:
    """The appointments of the user."""

    def __init__(self, listeners: Listeners) -> None:
        self._listeners = listeners

    def on(self, handler: Handler[CalendarEvent]) -> Subscription:
        """Call `handler` with each appointment the phone reports, known ones first."""
        return self._listeners.add(handler, keys=("calendar_event",), kind=CalendarEvent)


class Phone:
    """The phone that the glasses are paired with."""

    def __init__(self, listeners: Listeners) -> None:
        self.notifications = Notifications(listeners)
        self.calendar = Calendar(listeners)
