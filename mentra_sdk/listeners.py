"""Which handler hears which stream, and which subscriptions follow from that. Knows no socket.

The cloud sends an event once, under the most specific key this app subscribed (app-socket §6.1); a listener
of `touch_event` therefore also hears `touch_event:double_tap`.
"""

from collections.abc import Callable
from typing import Any

import msgspec

from mentra_sdk.handlers import WAITING_EVENTS, E, Handler, Log, Mailbox, Subscription, Tasks


class _Listener:
    def __init__(
        self, keys: tuple[str, ...], streams: tuple[str, ...], kind: Any, mailbox: Mailbox[Any]
    ) -> None:
        self.keys = keys
        self.streams = streams
        self.kind = kind
        self.mailbox = mailbox

    def hears(self, stream_type: str) -> bool:
        return any(_is_below(stream_type, key) for key in self.keys)

    def belongs_to(self, streams: tuple[str, ...]) -> bool:
        return any(_is_below(key, stream) for key in self.keys for stream in streams)


class Listeners:
    """All stream handlers of one session."""

    def __init__(self, tasks: Tasks, log: Log, on_change: Callable[[], None]) -> None:
        self._tasks = tasks
        self._log = log
        self._on_change = on_change
        self._listeners: list[_Listener] = []
        self._watchers: list[_Listener] = []

    def add(
        self,
        handler: Handler[E],
        *,
        keys: tuple[str, ...],
        kind: type[E],
        streams: tuple[str, ...] | None = None,
        capacity: int = WAITING_EVENTS,
    ) -> Subscription:
        """Call `handler` with a `kind` for every event whose stream is one of `keys` or below one.

        `streams` are the subscriptions that bring these events, by default the first key.
        """
        mailbox: Mailbox[E] = Mailbox(handler, self._tasks, self._log, capacity=capacity)
        listener = _Listener(keys, keys[:1] if streams is None else streams, kind, mailbox)
        self._listeners.append(listener)
        self._on_change()
        return Subscription(lambda: self._remove(listener))

    def refresh(self) -> None:
        """Have the subscriptions sent again: they have other options now."""
        self._on_change()

    def watch(self, note: Callable[[E], None], *, keys: tuple[str, ...], kind: type[E]) -> None:
        """Have a capability note every event that comes anyway, before any handler is called."""
        mailbox: Mailbox[E] = Mailbox(note, self._tasks, self._log)
        self._watchers.append(_Listener(keys, (), kind, mailbox))

    def has_any(self, *streams: str) -> bool:
        """Tell whether there is a handler of one of `streams` or of one below it."""
        return any(listener.belongs_to(streams) for listener in self._listeners)

    def stop(self, *streams: str) -> None:
        """End all handlers of `streams` and of those below them."""
        for listener in [one for one in self._listeners if one.belongs_to(streams)]:
            self._remove(listener)

    def list_streams(self) -> list[str]:
        """Return the streams to subscribe, each once, in the order the handlers came."""
        return list(dict.fromkeys(stream for listener in self._listeners for stream in listener.streams))

    def deliver(self, stream_type: str, data: msgspec.Raw) -> None:
        """Hand the event to those who hear it; one that does not fit its class is logged and dropped."""
        decoded: dict[Any, Any] = {}
        everybody = (*self._watchers, *self._listeners)
        for listener in [one for one in everybody if one.hears(stream_type)]:
            if listener.kind not in decoded:
                try:
                    decoded[listener.kind] = msgspec.json.decode(data, type=listener.kind)
                except msgspec.MsgspecError as problem:
                    self._log.warning("dropped an event of %s: %s", stream_type, problem)
                    return
            listener.mailbox.post(decoded[listener.kind])

    def deliver_bytes(self, stream_type: str, chunk: bytes) -> None:
        """Hand raw data to those who hear `stream_type`; it weighs its length."""
        for listener in self._listeners:
            if listener.hears(stream_type):
                listener.mailbox.post(chunk, weight=len(chunk))

    def deliver_event(self, stream_type: str, event: object) -> None:
        """Hand an event, ready as it is, to those who hear `stream_type`."""
        for listener in [one for one in self._listeners if one.hears(stream_type)]:
            listener.mailbox.post(event)

    def count_dropped(self, stream_type: str) -> int:
        """Return how many events of `stream_type` its slow handlers lost."""
        return sum(one.mailbox.dropped for one in self._listeners if one.hears(stream_type))

    def _remove(self, listener: _Listener) -> None:
        if listener in self._listeners:
            self._listeners.remove(listener)
            listener.mailbox.clear()
            self._on_change()


def _is_below(stream: str, key: str) -> bool:
    return stream == key or stream.startswith(f"{key}:")
