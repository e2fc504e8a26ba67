"""Handlers of the phone's messages (glasses-socket §4). Importing this package registers them."""

from sessions_app.handlers.from_glasses import (
    answers,
    apps,
    network,
    phone_data,
    photos,
    sensors,
    session,
    speech,
    streaming,
)

__all__ = ["answers", "apps", "network", "phone_data", "photos", "sensors", "session", "speech", "streaming"]
