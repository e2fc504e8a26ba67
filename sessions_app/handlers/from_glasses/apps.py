"""The user starts and stops apps (glasses-socket §4.1)."""

from sessions_app.errors import RefusedStart
from sessions_app.handlers.answers import tell_phone_error
from sessions_app.handlers.registry import from_glasses
from sessions_app.handlers.relaying import relay
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.protocol.codes import ErrorCode, StopReason
from sessions_app.protocol.glasses_to_cloud import StartApp, StopApp
from sessions_app.streams.rules import Event


@from_glasses(StartApp)
def on_start_app(runtime: SessionRuntime, message: StartApp, raw: str) -> None:
    """Start an app; the phone hears of the result by `app_started` or `app_stopped`."""
    if runtime.upkeep.is_busy:
        tell_phone_error(runtime, ErrorCode.RATE_LIMITED)
        return
    runtime.upkeep.spawn(start(runtime, message.package_name))
    relay(runtime, Event("start_app"), raw)


@from_glasses(StopApp)
def on_stop_app(runtime: SessionRuntime, message: StopApp, raw: str) -> None:
    """Stop an app because the user says so."""
    if runtime.upkeep.is_busy:
        tell_phone_error(runtime, ErrorCode.RATE_LIMITED)
        return
    runtime.upkeep.spawn(stop(runtime, message.package_name))
    relay(runtime, Event("stop_app"), raw)


async def start(runtime: SessionRuntime, package_name: str) -> None:
    """Start an app; what the start itself does not tell the phone is told here."""
    seat = runtime.apps.find(package_name)
    try:
        await runtime.apps.start(package_name)
    except RefusedStart as refusal:
        if seat is None:
            runtime.apps.notices.refused(package_name, refusal.message)
        return
    if seat is not None:
        runtime.apps.notices.started(package_name)


async def stop(runtime: SessionRuntime, package_name: str) -> None:
    """Stop an app; one that does not run is confirmed as stopped."""
    stopped = await runtime.apps.stop(package_name, StopReason.USER_DISABLED, "The user stopped the app")
    if not stopped:
        runtime.apps.notices.stopped(package_name)
