"""A photo that an app asked for, and how the app learns what became of it (media.md §1.3).

Errors go over the socket and, unless the app is known to hear them there, also to its server as the form its SDK
waits for; who waits for something else answers that 404.
"""

import asyncio
import logging
from dataclasses import dataclass

from sessions_app.app_runs.seat import AppSeat
from sessions_app.database import DATABASE_AWAY
from sessions_app.handlers.answers import now_iso
from sessions_app.lifecycle import building
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.lifecycle.telling import tell_app
from sessions_app.media.forms import PHOTO_UPLOAD_PATH, error_form, post_form
from sessions_app.media.rules import Hop
from sessions_app.outbound.commands import PhotoOutcome
from sessions_app.protocol import cloud_to_app
from sessions_app.protocol.app_to_cloud import PhotoRequest
from sessions_app.protocol.codes import ERROR_FACTS, ErrorCode
from sessions_app.protocol.families import Family
from sessions_app.protocol.fragments import PhotoError

logger = logging.getLogger(__name__)

LOOK_UP_SECONDS = 4.0


@dataclass(slots=True, eq=False)
class Asked:
    """A photo an app asked for: until when it waits, how far its request came, where the phone brings the photo.

    With `is_relayed` that is this cloud. `phone_left_at` is since when the phone is away, if it is.
    """

    runtime: SessionRuntime
    seat: AppSeat
    message: PhotoRequest
    deadline: float
    hop: Hop = Hop.CLOUD
    url: str = ""
    is_relayed: bool = False
    phone_left_at: float | None = None

    @property
    def request_id(self) -> str:
        """The app's name for its request."""
        return self.message.request_id

    @property
    def seconds_left(self) -> float:
        """How long the app will wait yet."""
        return self.deadline - self.runtime.upkeep.clock.monotonic()

    def note(self, what: str) -> None:
        """Log what became of the request."""
        logger.info(
            "%s: photo %.80s of %s %s",
            self.runtime.ref.user_id,
            self.request_id,
            self.seat.package_name,
            what,
        )


def succeed(asked: Asked, outcome: PhotoOutcome, url: str) -> None:
    """Tell the app where its photo can be opened."""
    asked.note("was taken")
    saved = outcome.saved_to_gallery
    tell_app(
        asked.seat,
        cloud_to_app.PhotoResponse(
            request_id=asked.request_id,
            success=True,
            photo_url=url,
            saved_to_gallery=bool(asked.message.save_to_gallery) if saved is None else saved,
            width=outcome.width or None,
            height=outcome.height or None,
            session_id=asked.seat.app_session_id,
            timestamp=now_iso(asked.runtime),
        ),
    )


def refuse(asked: Asked, code: ErrorCode, why: str) -> None:
    """Tell the app that this cloud gave the photo up."""
    fail(asked, PhotoError(code=code, message=why or ERROR_FACTS[code].message))


def fail(asked: Asked, error: PhotoError) -> None:
    """Tell the app why there is no photo."""
    asked.note(f"failed: {error.code} at {asked.hop}")
    seat, runtime = asked.seat, asked.runtime
    tell_app(
        seat,
        cloud_to_app.PhotoResponse(
            request_id=asked.request_id,
            success=False,
            error=error,
            session_id=seat.app_session_id,
            timestamp=now_iso(runtime),
        ),
    )
    if seat.family is not Family.B and not asked.message.custom_webhook_url and not runtime.upkeep.is_busy:
        runtime.upkeep.spawn(_post_failure(asked, error))


async def upload_url(asked: Asked) -> str:
    """Return where the app's server takes photos: its present address, or its last known one."""
    address = None
    try:
        async with asyncio.timeout(LOOK_UP_SECONDS):
            address = await building.find_app_address(asked.runtime.ref.user_pk, asked.seat.package_name)
    except (TimeoutError, *DATABASE_AWAY):
        asked.note("goes to the last known address: the database is away")
    return f"{address.public_url if address else asked.seat.facts.public_url}{PHOTO_UPLOAD_PATH}"


async def _post_failure(asked: Asked, error: PhotoError) -> None:
    url = await upload_url(asked)
    form = error_form(asked.request_id, error.code, error.message or error.code)
    answer = await post_form(url, form)
    asked.note(f"was answered to its server: {answer.status or answer.problem}")
