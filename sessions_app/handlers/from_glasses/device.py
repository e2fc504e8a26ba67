"""What follows from a change of the glasses: apps are told, incompatible ones end (lifecycle §8.8).

However fast a phone reports, apps hear of it at most twice a second (P-35).
"""

import json
import logging
from collections.abc import Mapping
from typing import Any

import msgspec

from apps_registry.rules import check_hardware
from sessions_app.handlers.answers import now_iso
from sessions_app.handlers.relaying import relay
from sessions_app.lifecycle.reconciling import reachability_changed, remember
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.lifecycle.telling import tell_app
from sessions_app.phone.device_state import battery_of, connection_of, with_connection
from sessions_app.protocol.cloud_to_app import CapabilitiesUpdate, DeviceStateUpdate
from sessions_app.protocol.codes import StopReason
from sessions_app.protocol.fragments import GlassesInfo
from sessions_app.protocol.streams import StreamName
from sessions_app.streams.rules import Event

logger = logging.getLogger(__name__)

COALESCE_SECONDS = 0.5
_IN_CONNECTION = frozenset({"connected", "modelName", "wifiConnected", "wifiSsid"})
_IN_BATTERY = frozenset({"batteryLevel", "charging"})


def device_changed(runtime: SessionRuntime, partial: Mapping[str, Any]) -> dict[str, Any]:
    """Merge a report of the phone and pass on what is new in it; return that."""
    model = runtime.data.model_name
    changed = runtime.data.device.merge(partial)
    if not changed:
        return {}
    runtime.data.unsent.update(changed)
    remember(runtime)
    runtime.upkeep.soon("device state", COALESCE_SECONDS, lambda: _send_changes(runtime))
    if "batteryLevel" in changed:
        runtime.screen.dashboard.facts_changed()
    if "connected" in changed or "modelName" in changed:
        reachability_changed(runtime)
    if runtime.data.model_name != model:
        capabilities_changed(runtime)
    return changed


def device_reported(runtime: SessionRuntime, partial: Mapping[str, Any]) -> None:
    """Take a report that is no event of its own: apps that follow glasses by events hear of it as those."""
    changed = device_changed(runtime, with_connection(partial))
    if changed.get("connected"):
        runtime.audio.microphone.resync()
    runtime.data.unrelayed |= changed.keys() & (_IN_CONNECTION | _IN_BATTERY)
    if runtime.data.unrelayed:
        runtime.upkeep.soon("device events", COALESCE_SECONDS, lambda: _relay_changes(runtime))


def capabilities_changed(runtime: SessionRuntime) -> None:
    """Tell apps which glasses there are and what these can do, if they know otherwise; end those that lack hardware."""
    data = runtime.data
    now = (data.model_name, data.capabilities)
    if now == data.told_capabilities or runtime.upkeep.is_delayed("capabilities"):
        return
    data.told_capabilities = now
    runtime.upkeep.soon("capabilities", COALESCE_SECONDS, lambda: capabilities_changed(runtime))
    model, capabilities = now
    if model and capabilities is None:
        logger.info("%s: what %.100r can do is not known; /admin/ takes profiles", runtime.ref.user_id, model)
    for seat in runtime.apps.present():
        tell_app(
            seat,
            CapabilitiesUpdate(
                capabilities=capabilities,
                model_name=model,
                session_id=seat.app_session_id,
                timestamp=now_iso(runtime),
            ),
        )
        verdict = check_hardware(seat.facts.hardware_requirements, capabilities)
        if not verdict.is_compatible:
            missing = ", ".join(requirement.type for requirement in verdict.missing_required)
            why = f"{seat.facts.name} needs glasses with: {missing}. {model} has none of that"
            runtime.upkeep.spawn(_stop(runtime, seat.package_name, why))


def _send_changes(runtime: SessionRuntime) -> None:
    changed, runtime.data.unsent = runtime.data.device.public(runtime.data.unsent), {}
    if not changed:
        return
    state = msgspec.convert(changed, GlassesInfo)
    for seat in runtime.apps.present():
        tell_app(
            seat,
            DeviceStateUpdate(
                state=state, full_snapshot=False, session_id=seat.app_session_id, timestamp=now_iso(runtime)
            ),
        )


def _relay_changes(runtime: SessionRuntime) -> None:
    changed, runtime.data.unrelayed = runtime.data.unrelayed, set()
    state = runtime.data.device.public_state()
    if changed & _IN_CONNECTION:
        runtime.data.last_connection = _stamped(runtime, connection_of(state))
        relay(runtime, Event(StreamName.GLASSES_CONNECTION_STATE), runtime.data.last_connection)
    if changed & _IN_BATTERY and state.get("batteryLevel") is not None:
        runtime.data.last_battery = _stamped(runtime, battery_of(state))
        relay(runtime, Event(StreamName.GLASSES_BATTERY_UPDATE), runtime.data.last_battery)
    remember(runtime)


def _stamped(runtime: SessionRuntime, message: dict[str, Any]) -> str:
    return json.dumps({**message, "timestamp": now_iso(runtime)})


async def _stop(runtime: SessionRuntime, package_name: str, why: str) -> None:
    await runtime.apps.stop(package_name, StopReason.SYSTEM_STOP, why)
