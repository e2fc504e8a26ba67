"""Carries what the phone sends to the apps that asked for it, the shortest way.

Holds links and ready-made answers to "who wants this?"; knows neither rows nor sockets. A frame costs one lookup
and one send per listener, whatever else the node does.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sessions_app.outbound import metrics
from sessions_app.outbound.held import HeldTexts
from sessions_app.outbound.link import Link
from sessions_app.protocol.codec import data_stream
from sessions_app.protocol.families import Family
from sessions_app.protocol.streams import StreamKey
from sessions_app.streams.rules import Event, Subscriber, SubscriptionIndex, is_a_state


@dataclass(frozen=True, slots=True)
class Listener:
    """One app of the session: where it is and what it asked for.

    `held` takes its events while its socket is away; None when it is not expected back.
    """

    package_name: str
    app_session_id: str
    link: Link | None
    family: Family
    keys: tuple[StreamKey, ...]
    granted: frozenset[str]
    held: HeldTexts | None = None


class Relay:
    """The listeners of one session."""

    def __init__(self) -> None:
        self._listeners: dict[str, Listener] = {}
        self._index = SubscriptionIndex({})
        self._audio_links: tuple[Link, ...] = ()

    def rebuild(self, listeners: Iterable[Listener]) -> None:
        """Take the present listeners; those without a socket keep their place and get nothing."""
        self._listeners = {listener.package_name: listener for listener in listeners}
        self._index = SubscriptionIndex(
            {
                name: Subscriber(listener.family, listener.keys, listener.granted)
                for name, listener in self._listeners.items()
            }
        )
        self._audio_links = tuple(
            link for name in self._index.audio_packages if (link := self._listeners[name].link) is not None
        )

    def wants(self, stream: str) -> bool:
        """Whether any app subscribed to a stream."""
        return self._index.wants(stream)

    def event(self, event: Event, raw: str, timestamp: str) -> int:
        """Send an event's JSON, untouched, to every app that wants it; return the number of messages sent."""
        sent = 0
        for name, stream_types in self._index.lookup(event):
            listener = self._listeners[name]
            link = listener.link
            if link is None or not link.is_open:
                _hold(listener, event, stream_types, raw, timestamp)
                continue
            for stream_type in stream_types:
                link.send_text(data_stream(listener.app_session_id, stream_type, raw, timestamp))
                sent += 1
        metrics.relayed_frames["event"] += sent
        return sent

    def audio(self, frame: bytes) -> None:
        """Copy a frame of PCM16 to every app that asked for sound."""
        links = self._audio_links
        for link in links:
            link.send_bytes(frame)
        metrics.relayed_frames["audio"] += len(links)
        metrics.relayed_bytes["audio"] += len(links) * len(frame)


def _hold(listener: Listener, event: Event, stream_types: tuple[str, ...], raw: str, timestamp: str) -> None:
    """Keep an event for an app whose socket is on its way back; of a state only the newest."""
    if listener.held is None:
        return
    for stream_type in stream_types:
        text = data_stream(listener.app_session_id, stream_type, raw, timestamp)
        listener.held.add(text, replaces=f"{event.stream} as {stream_type}" if is_a_state(event) else "")
