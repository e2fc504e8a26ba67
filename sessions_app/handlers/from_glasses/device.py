"""What follows from a change of the glasses: apps are told, incompatible ones end (lifecycle §8.8)."""

from typing import Any

import msgspec

from apps_registry.rules import check_hardware
from sessions_app.handlers.answers import now_iso
from sessions_app.lifecycle.reconciling import reachability_changed, remember
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.lifecycle.telling import tell_app
from sessions_app.protocol.cloud_to_app import CapabilitiesUpdate, DeviceStateUpdate
from sessions_app.protocol.codes import StopReason
from sessions_app.protocol.fragments import GlassesInfo

COALESCE_SECONDS = 0.5


def device_changed(runtime: SessionRuntime, partial: dict[str, Any]) -> None:
    """Merge a report of the phone and pass on what is new in it, at most twice a second (P-35)."""
    model = runtime.data.model_name
    changed = runtime.data.device.merge(partial)
    if not changed:
        return
    runtime.data.unsent.update(changed)
    remember(runtime)
    runtime.upkeep.soon("device state", COALESCE_SECONDS, lambda: _send_changes(runtime))
    if "connected" in changed or "modelName" in changed:
        reachability_changed(runtime)
    if runtime.data.model_name != model:
        model_changed(runtime)


def _send_changes(runtime: SessionRuntime) -> None:
    changed, runtime.data.unsent = runtime.data.device.public(runtime.data.unsent), {}
    state = msgspec.convert(changed, GlassesInfo)
    for seat in runtime.apps.present():
        tell_app(
            seat,
            DeviceStateUpdate(
                state=state, full_snapshot=False, session_id=seat.app_session_id, timestamp=now_iso(runtime)
            ),
        )


def model_changed(runtime: SessionRuntime) -> None:
    """Tell apps what the glasses can do now, and stop those that need more."""
    capabilities = runtime.data.capabilities
    for seat in runtime.apps.present():
        tell_app(
            seat,
            CapabilitiesUpdate(
                capabilities=capabilities,
                model_name=runtime.data.model_name,
                session_id=seat.app_session_id,
                timestamp=now_iso(runtime),
            ),
        )
        if not check_hardware(seat.facts.hardware_requirements, capabilities).is_compatible:
            runtime.upkeep.spawn(_stop_incompatible(runtime, seat.package_name))


async def _stop_incompatible(runtime: SessionRuntime, package_name: str) -> None:
    await runtime.apps.stop(
        package_name, StopReason.SYSTEM_STOP, "The connected glasses lack hardware the app requires"
    )
