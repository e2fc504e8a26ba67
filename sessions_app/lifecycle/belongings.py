"""What apps have of phone and glasses ends with them: light, sound on its way, requests nobody waits for any more."""

import secrets

from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.media.rules import ON_PHONE
from sessions_app.protocol.cloud_to_glasses import AudioStopRequest, RgbLedControl
from sessions_app.protocol.codec import iso
from sessions_app.states import RunState

_ENDED = (None, RunState.STOPPING, RunState.STOPPED)


def settle_belongings(runtime: SessionRuntime) -> None:
    """Look at who has what, after an app came or went."""
    for package in {stream.package_name for stream in runtime.speaker}:
        if _has_ended(runtime, package):
            _silence(runtime, package)
        else:
            seat = runtime.apps.find(package)
            runtime.speaker.app_changed(package, is_here=seat is not None and seat.link is not None)
    lit_by = runtime.requests.usage.has_light_of(runtime.upkeep.clock.now().timestamp())
    if lit_by and _has_ended(runtime, lit_by):
        _darken(runtime, lit_by)
    for package in runtime.requests.askers():
        if not package.startswith(ON_PHONE) and _has_ended(runtime, package):
            runtime.requests.forget_app(package)


def _has_ended(runtime: SessionRuntime, package: str) -> bool:
    seat = runtime.apps.find(package)
    return (seat.state if seat is not None else None) in _ENDED


def _silence(runtime: SessionRuntime, package: str) -> None:
    """End an app's sound also in the phone, which may have minutes of it already."""
    tracks = {stream.track_id for stream in runtime.speaker.of_app(package) if stream.request is not None}
    runtime.speaker.stop(package)
    for track_id in tracks:
        runtime.phone.send(
            AudioStopRequest(runtime.ref.user_id, package, track_id, iso(runtime.upkeep.clock.now()))
        )


def _darken(runtime: SessionRuntime, package: str) -> None:
    """Switch off the light an app left on; nobody waits for the answer."""
    runtime.requests.usage.switched_off()
    runtime.phone.send(
        RgbLedControl(
            session_id=runtime.ref.user_id,
            request_id=f"led_off_{secrets.token_hex(8)}",
            app_id=package,
            package_name=package,
            action="off",
            color="red",
            ontime=0,
            offtime=0,
            count=0,
            timestamp=iso(runtime.upkeep.clock.now()),
        )
    )
