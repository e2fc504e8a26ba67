"""Events of the platform by name, for apps that subscribed to them (app-socket §8.7)."""

from typing import Any

from sessions_app.handlers.answers import now_iso
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.lifecycle.telling import tell_app
from sessions_app.outbound.commands import DONE, PassDatetime, Reply
from sessions_app.protocol.cloud_to_app import CustomMessage
from sessions_app.protocol.streams import StreamName

UPDATE_DATETIME = "update_datetime"
_HEARD = (StreamName.CUSTOM_MESSAGE, StreamName.ALL)


async def pass_datetime(runtime: SessionRuntime, command: PassDatetime) -> Reply:
    """Tell apps what time the user has; the section is where the system's dashboard app used to show it."""
    _announce(runtime, UPDATE_DATETIME, {"datetime": command.datetime, "section": "topLeft"})
    return DONE


def _announce(runtime: SessionRuntime, action: str, payload: dict[str, Any]) -> None:
    for seat in runtime.apps.present():
        if any(key.stream in _HEARD for key in seat.keys):
            tell_app(
                seat,
                CustomMessage(
                    action=action,
                    payload=payload,
                    session_id=seat.app_session_id,
                    timestamp=now_iso(runtime),
                ),
            )
