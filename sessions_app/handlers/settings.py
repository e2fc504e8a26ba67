"""Settings on their way to phone and apps (app-socket §8.3, lifecycle §4.4).

Who changes settings stores them and has the owner read them again; nothing on the way carries values, so that
commands which overtake each other leave nobody with old ones.
"""

from collections.abc import Awaitable, Callable

from accounts.rules import default_wearable, legacy_user_settings
from accounts.selectors import stored_user_settings
from apps_registry.errors import AppNotFound
from apps_registry.selectors import merged_settings
from sessions_app.app_runs.attaching import mentraos_settings
from sessions_app.app_runs.seat import AppSeat
from sessions_app.app_runs.waiting import known_within
from sessions_app.database import in_database
from sessions_app.handlers.answers import now_iso, send_settings
from sessions_app.handlers.from_glasses.device import capabilities_changed
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.lifecycle.telling import tell_app
from sessions_app.protocol.cloud_to_app import AugmentosSettingsUpdate, SettingsUpdate
from sessions_app.protocol.families import Family
from sessions_app.states import RunState

# Longer than an app is called back.
LONGEST_WAY_SECONDS = 150.0
_COMING = (RunState.CONNECTING, RunState.RESURRECTING)

Telling = Callable[[SessionRuntime, AppSeat], Awaitable[None]]


async def app_settings_changed(runtime: SessionRuntime, package_name: str) -> None:
    """Give a running app the user's values, as they are stored now."""
    seat = runtime.apps.find(package_name)
    if seat is not None:
        await _tell_now_or_once_here(runtime, seat, _push_settings)


async def user_settings_changed(runtime: SessionRuntime) -> None:
    """Put the system settings into force as they are stored now, and pass on what changed."""
    async with runtime.data.settings_turn:
        stored = await in_database(stored_user_settings, runtime.ref.user_pk)
        _take_wearable(runtime, default_wearable(stored))
        settings = legacy_user_settings(stored)
        if settings == runtime.data.user_settings:
            return
        runtime.data.user_settings = settings
        send_settings(runtime)
        runtime.screen.dashboard.settings_changed()
        runtime.apps.changed()
    for seat in runtime.apps:
        await _tell_now_or_once_here(runtime, seat, _push_user_settings)


def _take_wearable(runtime: SessionRuntime, model: str) -> None:
    """Note which glasses the user usually wears; until the phone names others, apps reckon with these."""
    before = runtime.data.model_name
    runtime.data.default_wearable = model
    if runtime.data.model_name != before:
        capabilities_changed(runtime)


async def _tell_now_or_once_here(runtime: SessionRuntime, seat: AppSeat, tell: Telling) -> None:
    """Tell an app, or once it is here if it is on its way: what it is greeted with may have been read before."""
    if seat.is_expected:
        await tell(runtime, seat)
    elif seat.state in _COMING and not runtime.upkeep.is_busy:
        runtime.upkeep.spawn(_once_here(runtime, seat, tell))


async def _once_here(runtime: SessionRuntime, seat: AppSeat, tell: Telling) -> None:
    await known_within(runtime.upkeep.clock, seat.outcome, LONGEST_WAY_SECONDS)
    if seat.is_expected and runtime.apps.find(seat.package_name) is seat:
        await tell(runtime, seat)


async def _push_settings(runtime: SessionRuntime, seat: AppSeat) -> None:
    """Give an app the user's values on its socket and at its server: SDKs listen to either."""
    async with runtime.data.settings_turn:
        try:
            settings = await in_database(merged_settings, runtime.ref.user_pk, seat.package_name)
        except AppNotFound:
            return
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
    if seat.family is not Family.C:
        # SDK 2 takes these values for those of the system too, and forgets what it knew of it.
        await _push_user_settings(runtime, seat)


async def _push_user_settings(runtime: SessionRuntime, seat: AppSeat) -> None:
    """Tell an app the user's system settings.

    Also one that has not subscribed to `augmentos:…`: SDKs offer handlers for these changes and never subscribe.
    """
    tell_app(
        seat,
        AugmentosSettingsUpdate(
            settings=mentraos_settings(seat.facts, runtime.data.user_settings),
            session_id=seat.app_session_id,
            timestamp=now_iso(runtime),
        ),
    )
