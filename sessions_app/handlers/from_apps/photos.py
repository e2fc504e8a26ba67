"""An app asks for a photo (app-socket §7.3; media.md §1).

From the first check on the request has its time, so that the app is answered before its SDK gives up. Where the phone
brings the photo depends on what settles the call in the app's SDK (media.md §1.3): to the app itself, or to this
cloud, which passes it on and says where it can be opened (§1.4).
"""

import asyncio
from functools import partial

from django.conf import settings

from sessions_app.app_runs.seat import AppSeat
from sessions_app.database import DATABASE_AWAY, in_database
from sessions_app.handlers.answers import now_iso
from sessions_app.handlers.asking import Question, ask_when_possible, facts_of
from sessions_app.handlers.photo_answers import Asked, fail, refuse, succeed, upload_url
from sessions_app.handlers.registry import from_app
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.media.awaiting import Kind, await_photo, relay_url
from sessions_app.media.rules import HardwareKind, Hop, photo_problem
from sessions_app.outbound.commands import Destination, PhotoOutcome
from sessions_app.protocol import cloud_to_glasses
from sessions_app.protocol.app_to_cloud import PhotoRequest
from sessions_app.protocol.codes import ErrorCode
from sessions_app.protocol.families import Family

PREPARING_SECONDS = 5.0
TOLERANCE_SECONDS = 5.0
_LOOK_SECONDS = 1.0
_STUCK = {
    Hop.CLOUD: "The request did not leave the cloud in time",
    Hop.PHONE: "The phone took the request but did not answer",
    Hop.GLASSES: "The photo was taken but did not arrive",
}


@from_app(PhotoRequest)
def on_photo_request(runtime: SessionRuntime, seat: AppSeat, message: PhotoRequest) -> None:
    """Have a photo taken; whatever comes of it, the app is told in the way its SDK waits for."""
    deadline = runtime.upkeep.clock.monotonic() + settings.PHOTO_TIMEOUT_SECONDS
    asked = Asked(runtime, seat, message, deadline)
    problem = photo_problem(message.size, message.compress, message.custom_webhook_url)
    if runtime.requests.is_open(message.request_id):
        problem = "A request of this id is open already"
    if problem:
        refuse(asked, ErrorCode.MALFORMED_MESSAGE, problem)
        return
    ask_when_possible(
        runtime,
        Question(
            HardwareKind.PHOTO,
            seat.package_name,
            lambda: facts_of(runtime, seat),
            lambda: _take(asked),
            partial(refuse, asked),
        ),
    )


def _take(asked: Asked) -> None:
    """Reserve the camera, then learn where the photo is to go and send the request to the phone."""
    if asked.runtime.requests.is_open(asked.request_id) or asked.runtime.upkeep.is_busy:
        refuse(asked, ErrorCode.RATE_LIMITED, "")
        return
    _wait(asked, HardwareKind.PHOTO)
    asked.runtime.upkeep.spawn(_send(asked))


def _wait(asked: Asked, kind: HardwareKind) -> None:
    asked.runtime.requests.wait_for(
        asked.request_id,
        asked.seat.package_name,
        asked.seconds_left,
        kind=kind,
        on_answer=partial(_on_outcome, asked),
        on_timeout=lambda: _too_late(asked),
        destination=Destination(asked.url, asked.message.auth_token or "") if asked.url else None,
    )


async def _send(asked: Asked) -> None:
    try:
        async with asyncio.timeout(PREPARING_SECONDS):
            asked.url = await _destination(asked)
    except (TimeoutError, *DATABASE_AWAY):
        asked.note("could not be prepared: the database is away")
    requests = asked.runtime.requests
    if not requests.is_of(asked.request_id, asked.seat.package_name):
        return
    if not asked.url:
        requests.forget(asked.request_id)
        refuse(asked, ErrorCode.INTERNAL_ERROR, "The photo could not be prepared; try again")
    elif not asked.runtime.phone.send(_to_phone(asked)):
        requests.forget(asked.request_id)
        refuse(asked, ErrorCode.WEBSOCKET_CLOSED, "")
    else:
        asked.hop = Hop.PHONE
        asked.note("was sent to the phone")
        # Again, now that it is known where it leads.
        _wait(asked, HardwareKind.PHOTO)
        _look_after(asked)


async def _destination(asked: Asked) -> str:
    """Return where the phone is to bring the photo."""
    if asked.message.custom_webhook_url:
        return asked.message.custom_webhook_url
    if asked.seat.family is not Family.C:
        return await upload_url(asked)
    asked.is_relayed = True
    token = await in_database(
        await_photo,
        user_pk=asked.runtime.ref.user_pk,
        kind=Kind.RELAY,
        request_id=asked.request_id,
        package_name=asked.seat.package_name,
        in_gallery=bool(asked.message.save_to_gallery),
    )
    return relay_url(token)


def _to_phone(asked: Asked) -> cloud_to_glasses.PhotoRequest:
    message = asked.message
    return cloud_to_glasses.PhotoRequest(
        session_id=asked.runtime.ref.user_id,
        request_id=message.request_id,
        app_id=asked.seat.package_name,
        webhook_url=asked.url,
        size=message.size or "medium",
        compress=message.compress or "none",
        flash=True,
        sound=message.sound is not False,
        timestamp=now_iso(asked.runtime),
        auth_token=message.auth_token,
        save_to_gallery=message.save_to_gallery,
    )


def _look_after(asked: Asked) -> None:
    """Give the photo up when the phone stays away, long before its time is over (lifecycle §1.4)."""
    runtime = asked.runtime
    if asked.hop is not Hop.PHONE or not runtime.requests.is_of(asked.request_id, asked.seat.package_name):
        return
    now = runtime.upkeep.clock.monotonic()
    if runtime.phone.is_open:
        asked.phone_left_at = None
    elif asked.phone_left_at is None:
        asked.phone_left_at = now
    elif now - asked.phone_left_at >= TOLERANCE_SECONDS:
        runtime.requests.forget(asked.request_id)
        _too_late(asked)
        return
    runtime.upkeep.clock.call_later(_LOOK_SECONDS, lambda: _look_after(asked))


def _too_late(asked: Asked) -> None:
    if not asked.runtime.phone.is_open:
        why = "The phone took the request and left before it answered"
        refuse(asked, ErrorCode.PHONE_DISCONNECTED, why)
    else:
        refuse(asked, ErrorCode.TIMEOUT, f"{_STUCK[asked.hop]}; last hop: {asked.hop}")


def _on_outcome(asked: Asked, outcome: PhotoOutcome) -> None:
    """Tell the app, unless the photo itself does or is still to come."""
    if outcome.error is not None:
        fail(asked, outcome.error)
    elif asked.message.custom_webhook_url:
        succeed(asked, outcome, asked.message.custom_webhook_url)
    elif not asked.is_relayed:
        # The SDK has it from the upload; told before that, SDK 3 would take it for an empty picture (media.md §1.3).
        asked.note("was taken and brought to the app")
    elif outcome.photo_url.startswith(("http://", "https://")) and outcome.photo_url != asked.url:
        succeed(asked, outcome, outcome.photo_url)
    else:
        asked.note("was taken and is on its way here")
        asked.hop = Hop.GLASSES
        _wait(asked, HardwareKind.UPLOAD)
