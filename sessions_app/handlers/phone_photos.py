"""Photos for apps that run on the phone, which asks by REST and hears by socket (rest §2, glasses-socket §5.5)."""

from functools import partial

from django.conf import settings

from sessions_app.handlers.answers import now_iso
from sessions_app.handlers.asking import facts_of_phone
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.media.rules import ON_PHONE, HardwareKind, hardware_refusal
from sessions_app.outbound.commands import DONE, PhotoOutcome, Reply, TakePhoto
from sessions_app.protocol import cloud_to_glasses
from sessions_app.protocol.codes import ErrorCode


async def take_photo(runtime: SessionRuntime, command: TakePhoto) -> Reply:
    """Have the glasses take a photo, or say at once why they cannot."""
    owner = f"{ON_PHONE}{command.package_name}"
    if runtime.requests.is_open(command.request_id):
        return Reply(
            ok=False, code=ErrorCode.MALFORMED_MESSAGE, message="A request of this id is open already"
        )
    refusal = hardware_refusal(HardwareKind.PHOTO, facts_of_phone(runtime, owner))
    if refusal is not None:
        return Reply(ok=False, code=refusal.code, message=refusal.message)
    if not runtime.phone.send(_to_phone(runtime, command)):
        return Reply(ok=False, code=ErrorCode.WEBSOCKET_CLOSED, message="The phone's socket just closed")
    _wait(runtime, command, HardwareKind.PHOTO, settings.PHOTO_TIMEOUT_SECONDS)
    return DONE


def _wait(runtime: SessionRuntime, command: TakePhoto, kind: HardwareKind, seconds: float) -> None:
    deadline = runtime.upkeep.clock.monotonic() + seconds
    runtime.requests.wait_for(
        command.request_id,
        f"{ON_PHONE}{command.package_name}",
        seconds,
        kind=kind,
        on_answer=partial(_on_outcome, runtime, command, deadline),
        on_timeout=lambda: _tell(runtime, command.request_id, error=ErrorCode.TIMEOUT),
    )


def _on_outcome(runtime: SessionRuntime, command: TakePhoto, deadline: float, outcome: PhotoOutcome) -> None:
    if outcome.error is not None:
        _tell(runtime, command.request_id, error=outcome.error.code)
    elif outcome.photo_url:
        _tell(runtime, command.request_id, outcome=outcome)
    else:
        _wait(runtime, command, HardwareKind.UPLOAD, deadline - runtime.upkeep.clock.monotonic())


def _tell(
    runtime: SessionRuntime, request_id: str, *, outcome: PhotoOutcome | None = None, error: str = ""
) -> None:
    runtime.phone.send(
        cloud_to_glasses.PhonePhotoReady(
            request_id=request_id,
            timestamp=now_iso(runtime),
            photo_url=outcome.photo_url if outcome else None,
            mime_type=(outcome.mime_type or None) if outcome else None,
            size=(outcome.size or None) if outcome else None,
            error=error or None,
        )
    )


def _to_phone(runtime: SessionRuntime, command: TakePhoto) -> cloud_to_glasses.PhotoRequest:
    return cloud_to_glasses.PhotoRequest(
        session_id=runtime.ref.user_id,
        request_id=command.request_id,
        app_id=command.package_name,
        webhook_url=command.upload_url,
        size=command.size,
        compress=command.compress,
        flash=True,
        sound=command.sound,
        timestamp=now_iso(runtime),
        auth_token=command.token,
        save_to_gallery=command.save_to_gallery,
    )
