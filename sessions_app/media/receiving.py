"""What happens with a photo that arrives here, on whatever node: kept, passed on, its asker told (media.md §1.4, §1.6).

Everything here blocks. A token is used up only by a photo that was kept or an error that was told, so that a phone
may repeat what failed.
"""

import logging

from apps_registry.selectors import find_address
from sessions_app.errors import GalleryFull, OwnerUnreachable, SessionAbsent, StorageAway
from sessions_app.media.awaiting import Kind, claim, give_back, settle
from sessions_app.media.forms import (
    PHOTO_UPLOAD_PATH,
    Form,
    PhotoFile,
    photo_form,
    post_form_once,
)
from sessions_app.media.photo_store import keep_photo, photo_url
from sessions_app.media.pictures import Picture
from sessions_app.media.rules import ON_PHONE
from sessions_app.models import AwaitedPhoto, Photo
from sessions_app.outbound.commands import PhotoOutcome, SettlePhoto
from sessions_app.outbound.owner import ask_session_of
from sessions_app.protocol.fragments import PhotoError

logger = logging.getLogger(__name__)


class AlreadySettled(Exception):
    """The token of this upload was used by another one."""


def take_photo(awaited: AwaitedPhoto, picture: Picture, *, authorization: str = "") -> Photo:
    """Keep a photo that was waited for, give it to whom it is for and tell who asked.

    `authorization` goes with it to the app's server. Raises AlreadySettled, GalleryFull or StorageAway.
    """
    if not claim(awaited):
        raise AlreadySettled
    try:
        photo = keep_photo(
            user_pk=awaited.user_id,
            picture=picture,
            request_id=awaited.request_id,
            package_name=awaited.package_name,
            in_gallery=awaited.in_gallery,
        )
    except (GalleryFull, StorageAway):
        give_back(awaited)
        raise
    settle(awaited, photo=photo)
    if awaited.kind == Kind.RELAY:
        file = PhotoFile(picture.data, picture.content_type)
        _pass_on(awaited, photo_form(awaited.request_id, file, authorization))
    tell_asker(awaited, outcome_of(photo, saved_to_gallery=awaited.in_gallery))
    return photo


def take_error(awaited: AwaitedPhoto, code: str, message: str) -> None:
    """Tell who asked why there is no photo. Raises AlreadySettled."""
    if not claim(awaited):
        raise AlreadySettled
    settle(awaited, error=f"{code}: {message}")
    tell_asker(awaited, PhotoOutcome(error=PhotoError(code=code, message=message)))


def outcome_of(photo: Photo, *, saved_to_gallery: bool) -> PhotoOutcome:
    """Return what an asker is told of a photo that was kept."""
    return PhotoOutcome(
        photo_url=photo_url(photo),
        mime_type=photo.content_type,
        size=photo.size,
        width=photo.width,
        height=photo.height,
        saved_to_gallery=saved_to_gallery,
    )


def tell_asker(awaited: AwaitedPhoto, outcome: PhotoOutcome) -> None:
    """Have the owner of the session tell whoever waits for this photo."""
    if awaited.kind not in (Kind.RELAY, Kind.GLASSES):
        return
    name = awaited.package_name if awaited.kind == Kind.RELAY else f"{ON_PHONE}{awaited.package_name}"
    settle_in_session(awaited.user_id, SettlePhoto(awaited.request_id, outcome, name))


def settle_in_session(user_pk: int, command: SettlePhoto) -> None:
    """Give an outcome to the user's session; that nobody waits there any more is only noted."""
    try:
        reply = ask_session_of(user_pk, command)
        problem = "" if reply.ok else reply.message
    except (SessionAbsent, OwnerUnreachable) as absence:
        problem = str(absence)
    if problem:
        logger.info("photo %.80s arrived late: %s", command.request_id, problem)


def _pass_on(awaited: AwaitedPhoto, form: Form) -> None:
    """Give the form to the app's server as well; one that waits for a URL answers 404, which is as good."""
    address = find_address(awaited.user_id, awaited.package_name)
    if address is None or address.refusal:
        return
    answer = post_form_once(f"{address.public_url}{PHOTO_UPLOAD_PATH}", form)
    said = answer.status or answer.problem
    logger.info("photo %.80s of %s was passed on: %s", awaited.request_id, awaited.package_name, said)
