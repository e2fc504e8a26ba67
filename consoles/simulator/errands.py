"""What the phone in the browser cannot do itself, because a page of ours may not speak to other hosts.

Photos are brought and sounds are got as a phone does it (media.md §1.2, §2), through the guard as every call to a
developer's address.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

from sessions_app.errors import GalleryFull, StorageAway
from sessions_app.media.awaiting import Kind, find_awaited, relay_token
from sessions_app.media.forms import Form, PhotoFile, error_form, photo_form, post_form_once
from sessions_app.media.pictures import UnusablePhoto, read_photo
from sessions_app.media.receiving import AlreadySettled, take_error, take_photo
from sessions_app.models import AwaitedPhoto
from sessions_app.outbound.commands import Destination
from sessions_app.outbound.guard import OutsideAnswer, call_outside_once

ERRAND_SECONDS = 20
LARGEST_PHOTO = 10 * 1024 * 1024
LARGEST_SOUND = 16 * 1024 * 1024
_SOUND = re.compile(r"audio/[\w.+-]+", re.ASCII)


class ErrandFailed(Exception):
    """The other host did not do its part; the text says it to whoever tries their app."""


@dataclass(frozen=True, slots=True)
class Sound:
    """A sound file and its type."""

    data: bytes
    content_type: str


def bring_photo(destination: Destination, request_id: str, photo: PhotoFile) -> None:
    """Bring a photo to where it is awaited; blocking, raises ErrandFailed."""
    token = relay_token(destination.url)
    if token:
        _bring_here(token, photo, _authorization(destination))
    else:
        _post(destination, photo_form(request_id, photo, _authorization(destination)))


def report_no_photo(destination: Destination, request_id: str, code: str, message: str) -> None:
    """Tell who awaits a photo that there is none; blocking, raises ErrandFailed."""
    token = relay_token(destination.url)
    if token:
        with _told_as_failures():
            take_error(_awaited(token), code, message)
    else:
        _post(destination, error_form(request_id, code, message, _authorization(destination)))


def get_sound(destination: Destination) -> Sound:
    """Get what an app wants played; blocking, raises ErrandFailed for anything but a sound of bearable size."""
    answer = call_outside_once(
        "GET", destination.url, timeout_seconds=ERRAND_SECONDS, most_bytes=LARGEST_SOUND
    )
    _require_success(destination, answer)
    content_type = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if not _SOUND.fullmatch(content_type):
        raise ErrandFailed(f"What came is {content_type or 'of no known type'}, not a sound.")
    if answer.is_cut:
        raise ErrandFailed(f"The sound is larger than {LARGEST_SOUND >> 20} MB.")
    return Sound(answer.body, content_type)


def _bring_here(token: str, photo: PhotoFile, authorization: str) -> None:
    """Take a photo that is awaited by this cloud itself: it need not call itself for that."""
    with _told_as_failures():
        take_photo(_awaited(token), read_photo(photo.data), authorization=authorization)


def _awaited(token: str) -> AwaitedPhoto:
    awaited = find_awaited(token, Kind.RELAY)
    if awaited is None:
        raise AlreadySettled
    return awaited


@contextmanager
def _told_as_failures() -> Iterator[None]:
    try:
        yield
    except AlreadySettled as problem:
        raise ErrandFailed("The photo is not awaited any more.") from problem
    except (UnusablePhoto, GalleryFull, StorageAway) as problem:
        raise ErrandFailed(str(problem)) from problem


def _authorization(destination: Destination) -> str:
    return f"Bearer {destination.auth_token}" if destination.auth_token else ""


def _post(destination: Destination, form: Form) -> None:
    _require_success(destination, post_form_once(destination.url, form, ERRAND_SECONDS))


def _require_success(destination: Destination, answer: OutsideAnswer) -> None:
    if answer.status is None:
        raise ErrandFailed(f"The app's server could not be reached: {answer.problem}.")
    if not HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
        path = urlsplit(destination.url).path
        raise ErrandFailed(f"The app's server answered {answer.status} at {path}.")
