"""Where the user is (streams-and-permissions §13). Needs the LOCATION permission."""

from typing import Literal

from mentra_sdk.events import LocationUpdate
from mentra_sdk.handlers import Handler, Subscription
from mentra_sdk.listeners import Listeners
from mentra_sdk.requests import Requests, new_request_id
from mentra_sdk.wire import LocationPollRequest, LocationRate

STREAM = "location_stream"
UPDATE = "location_update"
POLL_SECONDS = 15.0
USUAL_ACCURACY = "standard"

Accuracy = Literal[
    "reduced", "threeKilometers", "kilometer", "hundredMeters", "tenMeters", "standard", "high", "realtime"
]


class Location:
    """The position the phone reports; the more accurate and frequent, the more of its battery it takes."""

    def __init__(self, listeners: Listeners, requests: Requests) -> None:
        self.last: LocationUpdate | None = None
        self._listeners = listeners
        self._requests = requests
        self._accuracy: Accuracy | None = None
        self._polls: set[str] = set()
        listeners.watch(self._note, keys=(STREAM, UPDATE), kind=LocationUpdate)

    def configure(self, *, accuracy: Accuracy) -> None:
        """Choose how accurate updates and answers are from now on; "standard" unless chosen."""
        self._accuracy = accuracy
        if self._listeners.has_any(STREAM):
            self._listeners.refresh()

    def on_update(self, handler: Handler[LocationUpdate]) -> Subscription:
        """Call `handler` with each new position, the last known one first."""
        return self._listeners.add(handler, keys=(STREAM, UPDATE), kind=LocationUpdate)

    async def request_update(self) -> LocationUpdate:
        """Ask where the user is now.

        Raises RequestFailed: refused (`code` PERMISSION_DENIED, PHONE_DISCONNECTED, …), stopped, or no answer within 15
        seconds.
        """
        poll = new_request_id("poll")
        question = LocationPollRequest(correlation_id=poll, accuracy=self._accuracy or USUAL_ACCURACY)
        self._polls.add(poll)
        try:
            return await self._requests.ask(
                question, poll, answer=LocationUpdate, timeout_seconds=POLL_SECONDS
            )
        finally:
            self._polls.discard(poll)

    def stop(self) -> None:
        """End all handlers, and the requests that wait."""
        self._listeners.stop(STREAM)
        self.refuse_requests("STOPPED", "the app stopped asking")

    def refuse_requests(self, code: str, message: str) -> None:
        """Fail the requests that wait."""
        for poll in list(self._polls):
            self._requests.refuse(poll, code, message)

    def with_rate(self, streams: list[str]) -> list[str | LocationRate]:
        """Return subscriptions in which that of positions asks for the chosen accuracy."""
        accuracy = self._accuracy
        if accuracy is None:
            return list(streams)
        return [LocationRate(stream, accuracy) if stream == STREAM else stream for stream in streams]

    def _note(self, update: LocationUpdate) -> None:
        self.last = update
        if update.correlation_id is not None:
            self._requests.answer(update.correlation_id, update)
