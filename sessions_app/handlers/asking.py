"""Asking something of phone and glasses: checked first, waited for a moment where that helps (media.md §0, P-43)."""

from collections.abc import Callable
from dataclasses import dataclass

from sessions_app.app_runs.seat import AppSeat
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.media.rules import HardwareFacts, HardwareKind, Wait, hardware_refusal, wait_for
from sessions_app.protocol.codes import ErrorCode
from sessions_app.protocol.permissions import PermissionType
from sessions_app.states import StreamKind

_EVERYTHING = frozenset(PermissionType)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, for whom, what to do when nothing is against it, and how to refuse."""

    kind: HardwareKind
    package_name: str
    facts: Callable[[], HardwareFacts]
    proceed: Callable[[], None]
    refuse: Callable[[ErrorCode, str], None]


def facts_of(runtime: SessionRuntime, seat: AppSeat) -> HardwareFacts:
    """Return what the validation chain looks at, for an app."""
    # An app whose socket is on its way back gets its answer then.
    runs = seat.link is not None or seat.is_expected
    return _facts(runtime, seat.package_name, seat.facts.permissions, app_running=runs)


def facts_of_phone(runtime: SessionRuntime, package_name: str) -> HardwareFacts:
    """Return the same for an app on the phone, which is nobody's to permit but the phone's."""
    return _facts(runtime, package_name, _EVERYTHING, app_running=True)


def ask_when_possible(
    runtime: SessionRuntime, question: Question, waited: frozenset[Wait] = frozenset()
) -> None:
    """Check a request and proceed with it or refuse it; what may change in a moment is waited for, once each."""
    facts = question.facts()
    refusal = hardware_refusal(question.kind, facts)
    if refusal is None:
        question.proceed()
        return
    wait = wait_for(refusal, facts)
    if wait is None or wait in waited or facts.busy:
        question.refuse(refusal.code, refusal.message)
        return
    line_up = (
        runtime.requests.try_when_reachable
        if wait is Wait.REACH
        else runtime.requests.try_when_camera_is_free
    )
    line_up(
        question.package_name,
        lambda: ask_when_possible(runtime, question, waited | {wait}),
        lambda: question.refuse(refusal.code, refusal.message),
    )


def _facts(
    runtime: SessionRuntime, package_name: str, permissions: frozenset[str], *, app_running: bool
) -> HardwareFacts:
    device = runtime.data.device
    return HardwareFacts(
        permissions=permissions,
        app_running=app_running,
        phone_open=runtime.phone.is_open,
        silent_seconds=runtime.upkeep.clock.monotonic() - runtime.phone.heard_at,
        glasses_connected=device.connected is not False,
        capabilities=runtime.data.capabilities,
        wifi_connected=device.wifi_connected,
        busy=runtime.requests.is_full_for(package_name),
        camera_busy=runtime.requests.is_waiting(HardwareKind.PHOTO),
        streaming=runtime.camera.stream is not None,
        direct_stream=runtime.camera.is_used_by(StreamKind.DIRECT),
    )
