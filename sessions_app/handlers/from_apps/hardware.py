"""An app asks something of the glasses, photos and sound apart: light, field of view, Wi-Fi (media.md §7)."""

from sessions_app.app_runs.seat import AppSeat
from sessions_app.handlers.answers import now_iso
from sessions_app.handlers.hardware_requests import Request, ask_hardware, failure
from sessions_app.handlers.registry import from_app
from sessions_app.lifecycle.reconciling import remember
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.lifecycle.telling import tell_app_error
from sessions_app.media.lights import OFF, Light, light_problem, read_light
from sessions_app.media.rules import HardwareKind, view_problem
from sessions_app.protocol import cloud_to_app, cloud_to_glasses
from sessions_app.protocol.app_to_cloud import CameraFovSet, RequestWifiSetup, RgbLedControl
from sessions_app.protocol.base import ToGlasses
from sessions_app.protocol.codes import ErrorCode

LED_SECONDS = 10.0


@from_app(RgbLedControl)
def on_rgb_led_control(runtime: SessionRuntime, seat: AppSeat, message: RgbLedControl) -> None:
    """Have a light switched."""
    refuse = failure(runtime, seat, cloud_to_app.RgbLedControlResponse, message.request_id)
    light = read_light(message.action, message.color, message.ontime, message.offtime, message.count)
    problem = light_problem(light)
    if problem:
        refuse(ErrorCode.MALFORMED_MESSAGE, problem)
        return

    def build(name: str) -> ToGlasses:
        return cloud_to_glasses.RgbLedControl(
            session_id=runtime.ref.user_id,
            request_id=name,
            app_id=seat.package_name,
            package_name=seat.package_name,
            action=light.action,
            color=light.color,
            ontime=light.on_ms,
            offtime=light.off_ms,
            count=light.count,
            timestamp=now_iso(runtime),
        )

    request = Request(
        HardwareKind.LED,
        build,
        refuse,
        message.request_id,
        LED_SECONDS,
        on_sent=lambda: _note_light(runtime, seat, light),
    )
    ask_hardware(runtime, seat, request)


def _note_light(runtime: SessionRuntime, seat: AppSeat, light: Light) -> None:
    if light.action == OFF:
        runtime.requests.usage.switched_off()
    else:
        runtime.requests.usage.switched_on(
            seat.package_name, runtime.upkeep.clock.now().timestamp() + light.total_seconds
        )
    remember(runtime)


@from_app(CameraFovSet)
def on_camera_fov_set(runtime: SessionRuntime, seat: AppSeat, message: CameraFovSet) -> None:
    """Have the camera's field of view changed; the phone sends no answer to it."""
    roi_position = message.roi_position or "center"

    def build(_: str) -> ToGlasses:
        return cloud_to_glasses.CameraFovSet(
            session_id=runtime.ref.user_id,
            request_id=message.request_id or "",
            app_id=seat.package_name,
            fov=message.fov,
            roi_position=roi_position,
            timestamp=now_iso(runtime),
        )

    def refuse(code: ErrorCode, why: str) -> None:
        tell_app_error(runtime, seat, code, why, message.request_id)

    problem = view_problem(message.fov, roi_position)
    if problem:
        refuse(ErrorCode.MALFORMED_MESSAGE, problem)
        return
    ask_hardware(runtime, seat, Request(HardwareKind.CAMERA_FOV, build, refuse))


@from_app(RequestWifiSetup)
def on_request_wifi_setup(runtime: SessionRuntime, seat: AppSeat, message: RequestWifiSetup) -> None:
    """Have the phone offer its Wi-Fi set-up, not more often than the user can bear."""

    def build(_: str) -> ToGlasses:
        return cloud_to_glasses.ShowWifiSetup(
            timestamp=now_iso(runtime), reason=message.reason, app_package_name=seat.package_name
        )

    def refuse(code: ErrorCode, why: str) -> None:
        tell_app_error(runtime, seat, code, why)

    clock, usage = runtime.upkeep.clock, runtime.requests.usage
    if not usage.may_ask_for_wifi(seat.package_name, clock.monotonic()):
        refuse(ErrorCode.RATE_LIMITED, "The user was asked for Wi-Fi less than 10 s ago; wait a little")
        return
    request = Request(
        HardwareKind.WIFI_SETUP,
        build,
        refuse,
        on_sent=lambda: usage.asked_for_wifi(seat.package_name, clock.monotonic()),
    )
    ask_hardware(runtime, seat, request)
