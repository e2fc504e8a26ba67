"""An app asks something of phone or glasses, photos and streams apart (app-socket §7.4; media.md §0).

Each request is checked, sent and timed; whatever happens, the app gets an answer of the type it waits for before
its SDK gives up (D12).
"""

from collections.abc import Callable
from dataclasses import dataclass

from sessions_app.app_runs.seat import AppSeat
from sessions_app.handlers.answers import now_iso
from sessions_app.handlers.asking import Question, ask_when_possible, facts_of
from sessions_app.handlers.registry import from_app
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.lifecycle.telling import tell_app, tell_app_error
from sessions_app.media.rules import HardwareKind
from sessions_app.outbound.commands import Destination
from sessions_app.protocol import cloud_to_app, cloud_to_glasses
from sessions_app.protocol.app_to_cloud import (
    AudioPlayRequest,
    AudioStopRequest,
    CameraFovSet,
    RequestWifiSetup,
    RgbLedControl,
)
from sessions_app.protocol.base import ToGlasses
from sessions_app.protocol.codes import ErrorCode
from sessions_app.speech.links import link_for_phone

AUDIO_SECONDS = 55.0
LED_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Request:
    """A request on its way: what to send, what to answer. `request_id` None: nobody waits for an answer.

    `destination` is where the phone brings or gets something, in the requests that send it somewhere.
    """

    kind: HardwareKind
    message: Callable[[], ToGlasses]
    refuse: Callable[[ErrorCode, str], None]
    request_id: str | None = None
    seconds: float = 0.0
    destination: Destination | None = None


def ask_hardware(runtime: SessionRuntime, seat: AppSeat, request: Request) -> None:
    """Send a request when nothing is against it, or refuse it, in any case within its time."""
    deadline = runtime.upkeep.clock.monotonic() + request.seconds
    ask_when_possible(
        runtime,
        Question(
            request.kind,
            seat.package_name,
            lambda: facts_of(runtime, seat),
            lambda: _send(runtime, seat, request, deadline),
            request.refuse,
        ),
    )


def _send(runtime: SessionRuntime, seat: AppSeat, request: Request, deadline: float) -> None:
    name = request.request_id
    if (
        name is not None
        and runtime.requests.is_open(name)
        and not runtime.requests.is_of(name, seat.package_name)
    ):
        request.refuse(ErrorCode.MALFORMED_MESSAGE, "A request of this id is open already")
    elif not runtime.phone.send(request.message()):
        request.refuse(ErrorCode.WEBSOCKET_CLOSED, "")
    elif request.request_id is not None:
        runtime.requests.wait_for(
            request.request_id,
            seat.package_name,
            deadline - runtime.upkeep.clock.monotonic(),
            kind=request.kind,
            on_answer=lambda raw: _hand_over(seat, raw),
            on_timeout=lambda: _too_late(runtime, request),
            destination=request.destination,
        )


def _too_late(runtime: SessionRuntime, request: Request) -> None:
    if runtime.phone.is_open:
        request.refuse(ErrorCode.TIMEOUT, "The phone took the request but did not answer")
    else:
        request.refuse(ErrorCode.PHONE_DISCONNECTED, "The phone took the request and left before it answered")


def _hand_over(seat: AppSeat, raw: str) -> None:
    if seat.link is not None:
        seat.link.send_text(raw)


def _failure(
    runtime: SessionRuntime,
    seat: AppSeat,
    answer: type[cloud_to_app.AudioPlayResponse | cloud_to_app.RgbLedControlResponse],
    request_id: str,
) -> Callable[[ErrorCode, str], None]:
    """Return what tells an app that its request failed, in the message its SDK waits for."""

    def refuse(code: ErrorCode, why: str) -> None:
        tell_app(
            seat,
            answer(
                request_id=request_id,
                success=False,
                error=f"{code}: {why}",
                session_id=seat.app_session_id,
                timestamp=now_iso(runtime),
            ),
        )

    return refuse


@from_app(AudioPlayRequest)
def on_audio_play_request(runtime: SessionRuntime, seat: AppSeat, message: AudioPlayRequest) -> None:
    """Have sound played; a relative address is one of ours and made absolute (P-49).

    Of one that names our own reading of texts, the phone gets it signed.
    """
    url = link_for_phone(message.audio_url, runtime.ref.session_id)

    def build() -> ToGlasses:
        return cloud_to_glasses.AudioPlayRequest(
            session_id=runtime.ref.user_id,
            request_id=message.request_id,
            app_id=seat.package_name,
            package_name=seat.package_name,
            audio_url=url,
            volume=1.0 if message.volume is None else min(1.0, max(0.0, float(message.volume))),
            stop_other_audio=message.stop_other_audio is not False,
            timestamp=now_iso(runtime),
            track_id=message.track_id,
        )

    refuse = _failure(runtime, seat, cloud_to_app.AudioPlayResponse, message.request_id)
    destination = Destination(url)
    request = Request(HardwareKind.AUDIO, build, refuse, message.request_id, AUDIO_SECONDS, destination)
    ask_hardware(runtime, seat, request)


@from_app(AudioStopRequest)
def on_audio_stop_request(runtime: SessionRuntime, seat: AppSeat, message: AudioStopRequest) -> None:
    """Have the app's sound stopped; there is no answer to it."""
    runtime.phone.send(
        cloud_to_glasses.AudioStopRequest(
            session_id=runtime.ref.user_id,
            app_id=seat.package_name,
            timestamp=now_iso(runtime),
            track_id=message.track_id,
        )
    )


@from_app(RgbLedControl)
def on_rgb_led_control(runtime: SessionRuntime, seat: AppSeat, message: RgbLedControl) -> None:
    """Have a light switched."""

    def build() -> ToGlasses:
        return cloud_to_glasses.RgbLedControl(
            session_id=runtime.ref.user_id,
            request_id=message.request_id,
            app_id=seat.package_name,
            package_name=seat.package_name,
            action=message.action,
            color=message.color or "white",
            ontime=1000 if message.ontime is None else message.ontime,
            offtime=0 if message.offtime is None else message.offtime,
            count=1 if message.count is None else message.count,
            timestamp=now_iso(runtime),
        )

    refuse = _failure(runtime, seat, cloud_to_app.RgbLedControlResponse, message.request_id)
    request = Request(HardwareKind.LED, build, refuse, message.request_id, LED_SECONDS)
    ask_hardware(runtime, seat, request)


@from_app(CameraFovSet)
def on_camera_fov_set(runtime: SessionRuntime, seat: AppSeat, message: CameraFovSet) -> None:
    """Have the camera's field of view changed; the phone sends no answer to it."""

    def build() -> ToGlasses:
        return cloud_to_glasses.CameraFovSet(
            session_id=runtime.ref.user_id,
            request_id=message.request_id or "",
            app_id=seat.package_name,
            fov=message.fov,
            roi_position=message.roi_position or "center",
            timestamp=now_iso(runtime),
        )

    def refuse(code: ErrorCode, why: str) -> None:
        tell_app_error(runtime, seat, code, why, message.request_id)

    request = Request(HardwareKind.CAMERA_FOV, build, refuse)
    ask_hardware(runtime, seat, request)


@from_app(RequestWifiSetup)
def on_request_wifi_setup(runtime: SessionRuntime, seat: AppSeat, message: RequestWifiSetup) -> None:
    """Have the phone offer its Wi-Fi set-up."""

    def build() -> ToGlasses:
        return cloud_to_glasses.ShowWifiSetup(
            timestamp=now_iso(runtime), reason=message.reason, app_package_name=seat.package_name
        )

    def refuse(code: ErrorCode, why: str) -> None:
        tell_app_error(runtime, seat, code, why)

    request = Request(HardwareKind.WIFI_SETUP, build, refuse)
    ask_hardware(runtime, seat, request)
