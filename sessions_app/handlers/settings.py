"""Settings on their way to phone and apps (app-socket §8.3, lifecycle §4.4)."""

from collections.abc import Mapping
from typing import Any

from sessions_app.app_runs.seat import AppSeat
from sessions_app.handlers.answers import now_iso
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.lifecycle.telling import tell_app
from sessions_app.protocol import cloud_to_glasses
from sessions_app.protocol.cloud_to_app import AugmentosSettingsUpdate, SettingsUpdate
from sessions_app.protocol.families import Family
from sessions_app.protocol.streams import ALL_SETTINGS, StreamName

TIME_ZONE = "timezone"


def send_settings(runtime: SessionRuntime) -> None:
    """Tell the phone the user's system settings."""
    runtime.phone.send(
        cloud_to_glasses.SettingsUpdate(
            session_id=runtime.ref.user_id,
            settings=runtime.data.user_settings,
            timestamp=now_iso(runtime),
        )
    )


def push_settings(runtime: SessionRuntime, seat: AppSeat, settings: list[dict[str, Any]]) -> None:
    """Give an app the user's values on its socket and at its server: SDKs listen to either."""
    tell_app(
        seat,
        SettingsUpdate(
            settings=settings,
            package_name=seat.package_name,
            session_id=seat.app_session_id,
            timestamp=now_iso(runtime),
        ),
    )
    runtime.apps.post_settings(seat, settings)


def take_user_settings(runtime: SessionRuntime, changes: Mapping[str, Any]) -> None:
    """Put changed system settings into force and pass them on to whoever follows them."""
    runtime.data.user_settings = {**runtime.data.user_settings, **changes}
    send_settings(runtime)
    for seat in runtime.apps.present():
        wanted = {key: value for key, value in changes.items() if _follows(seat, key)}
        if wanted:
            tell_app(
                seat,
                AugmentosSettingsUpdate(
                    settings=wanted, session_id=seat.app_session_id, timestamp=now_iso(runtime)
                ),
            )
    runtime.apps.changed()


def _follows(seat: AppSeat, key: str) -> bool:
    if key == TIME_ZONE and seat.family is Family.C:
        return True
    return any(
        each.stream == StreamName.AUGMENTOS_SETTINGS and each.setting_key in (ALL_SETTINGS, key)
        for each in seat.keys
    )
