"""Handlers of the apps' messages (app-socket §7). Importing this package registers them."""

from sessions_app.handlers.from_apps import (
    connection,
    display,
    hardware,
    location,
    messages,
    photos,
    rooms,
    sound,
    speaker_streams,
    streaming,
    telemetry,
)

__all__ = [
    "connection",
    "display",
    "hardware",
    "location",
    "messages",
    "photos",
    "rooms",
    "sound",
    "speaker_streams",
    "streaming",
    "telemetry",
]
