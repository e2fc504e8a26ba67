"""Messages between users of one app (app-socket §7.5)."""

from sessions_app.app_runs.seat import AppSeat
from sessions_app.handlers.answers import now_iso
from sessions_app.handlers.registry import from_app
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.lifecycle.telling import tell_app, tell_app_error
from sessions_app.protocol.app_to_cloud import (
    AppBroadcastMessage,
    AppDirectMessage,
    AppRoomJoin,
    AppRoomLeave,
    AppUserDiscovery,
)
from sessions_app.protocol.cloud_to_app import AppDirectMessageResponse
from sessions_app.protocol.codes import ErrorCode

NOT_OFFERED = "This cloud does not carry messages between users yet"


@from_app(AppDirectMessage)
def on_app_direct_message(runtime: SessionRuntime, seat: AppSeat, message: AppDirectMessage) -> None:
    """Tell the sender that its message was not delivered."""
    tell_app(
        seat,
        AppDirectMessageResponse(
            success=False,
            message_id=message.message_id,
            target_user_id=message.target_user_id,
            error=NOT_OFFERED,
            session_id=seat.app_session_id,
            timestamp=now_iso(runtime),
        ),
    )


@from_app(AppBroadcastMessage, AppUserDiscovery, AppRoomJoin, AppRoomLeave)
def on_group_message(
    runtime: SessionRuntime,
    seat: AppSeat,
    message: AppBroadcastMessage | AppUserDiscovery | AppRoomJoin | AppRoomLeave,
) -> None:
    """Tell the sender that nobody will get it."""
    tell_app_error(runtime, seat, ErrorCode.NOT_SUPPORTED, NOT_OFFERED)
