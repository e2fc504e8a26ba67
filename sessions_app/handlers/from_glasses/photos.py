"""The phone says what became of a photo, over its socket or by REST (glasses-socket §4.4, rest §2)."""

import logging

from sessions_app.handlers.registry import from_glasses
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.outbound.commands import PhotoOutcome
from sessions_app.protocol.fragments import PhotoError
from sessions_app.protocol.glasses_to_cloud import PhotoResponse

logger = logging.getLogger(__name__)

UNKNOWN = PhotoError(code="UNKNOWN_ERROR", message="The phone did not say why there is no photo")


@from_glasses(PhotoResponse)
def on_photo_response(runtime: SessionRuntime, message: PhotoResponse, raw: str) -> None:
    """Give an answer to whoever asked for the photo; nobody else learns of it."""
    settle_photo(
        runtime,
        message.request_id,
        PhotoOutcome(
            photo_url=message.photo_url or "",
            saved_to_gallery=message.saved_to_gallery,
            error=None if message.success else message.error or UNKNOWN,
        ),
    )


def settle_photo(runtime: SessionRuntime, request_id: str, outcome: PhotoOutcome) -> bool:
    """Give an outcome to whoever waits for it; false, with a line in the log, when nobody does any more."""
    if runtime.requests.answered(request_id, outcome):
        return True
    said = "late, or asked by nobody" if outcome.error is None else outcome.error.code
    logger.info("%s: photo %.80s came to nobody (%s)", runtime.ref.user_id, request_id, said)
    return False
