"""Passing an event of the phone on to the apps, its JSON untouched."""

from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.protocol.codec import iso
from sessions_app.streams.rules import Event


def relay(runtime: SessionRuntime, event: Event, raw: str) -> None:
    """Send `raw` to every app that wants the event; the time is written only when somebody does."""
    if runtime.ears.relay.wants(event.stream):
        runtime.upkeep.counters.events += runtime.ears.relay.event(
            event, raw, iso(runtime.upkeep.clock.now())
        )
