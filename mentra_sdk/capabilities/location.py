"""Where the user is. Needs the LOCATION permission."""

from mentra_sdk.events import LocationUpdate
from mentra_sdk.handlers import Handler, Subscription
from mentra_sdk.listeners import Listeners

STREAM = "location_stream"
UPDATE = "location_update"


class Location:
    """The position the phone reports."""

    def __init__(self, listeners: Listeners) -> None:
        self._listeners = listeners

    def on_update(self, handler: Handler[LocationUpdate]) -> Subscription:
        """Call `handler` with each new position, the last known one first."""
        return self._listeners.add(handler, keys=(STREAM, UPDATE), kind=LocationUpdate)
