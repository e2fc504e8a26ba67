"""The subscriptions of one session, ready for looking up who hears an event.

Built anew at each change of a subscription; between changes a look-up is one dictionary access. Pure: must
not know sockets.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from sessions_app.protocol.families import Family
from sessions_app.protocol.streams import StreamKey, StreamName
from sessions_app.streams.matching import LOCATION_STREAMS, Event, stream_types_for
from sessions_app.streams.permissions import required_permission, stream_permission

MAX_CACHED_EVENTS: Final = 256

Deliveries = tuple[tuple[str, tuple[str, ...]], ...]


class Subscriber(NamedTuple):
    """Someone with subscriptions; `granted` is everything the declared permissions unlock."""

    family: Family
    keys: tuple[StreamKey, ...]
    granted: frozenset[str]


class SubscriptionIndex:
    """Who listens to what in one session. Subscriptions without their permission count as absent."""

    def __init__(self, subscribers: Mapping[str, Subscriber]) -> None:
        self._subscribers = {
            package: subscriber._replace(keys=_permitted(subscriber))
            for package, subscriber in subscribers.items()
            if subscriber.keys
        }
        self._cache: dict[Event, Deliveries] = {}
        self.keys = tuple(dict.fromkeys(key for each in self._subscribers.values() for key in each.keys))
        self.audio_packages = tuple(
            package for package, _ in self.lookup(Event(StreamName.AUDIO_CHUNK.value))
        )
        self.demanded = frozenset(key.stream for key in self.keys)

    def lookup(self, event: Event) -> Deliveries:
        """Return (package, stream types) of everyone who gets the event."""
        found = self._cache.get(event)
        if found is None:
            found = self._find(event)
            if len(self._cache) >= MAX_CACHED_EVENTS:
                # The phone chooses names and languages, so their number has no other bound.
                self._cache.clear()
            self._cache[event] = found
        return found

    def wants(self, stream: str) -> bool:
        """Whether anyone listens to a stream, by name or to all of them."""
        names = LOCATION_STREAMS if stream in LOCATION_STREAMS else {stream}
        if self.demanded & names:
            return True
        if StreamName.ALL not in self.demanded:
            return False
        permission = stream_permission(stream)
        return any(
            permission is None or permission in each.granted
            for each in self._subscribers.values()
            if any(key.stream == StreamName.ALL for key in each.keys)
        )

    def _find(self, event: Event) -> Deliveries:
        found = (
            (package, stream_types_for(event, each.keys, each.family, each.granted))
            for package, each in self._subscribers.items()
        )
        return tuple(delivery for delivery in found if delivery[1])


def _permitted(subscriber: Subscriber) -> tuple[StreamKey, ...]:
    permitted = (None, *subscriber.granted)
    return tuple(key for key in subscriber.keys if required_permission(key) in permitted)
