"""What the phone in the browser cannot do itself, because a page of ours may not speak to other hosts.

Photos are brought and sounds are got as a phone does it (media.md §1.2, §2), through the guard as every call to a
developer's address.
"""

import re
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

from django.utils.crypto import get_random_string

from sessions_app.outbound.commands import Destination
from sessions_app.outbound.guard import OutsideAnswer, call_outside_once

ERRAND_SECONDS = 20
LARGEST_PHOTO = 10 * 1024 * 1024
LARGEST_SOUND = 16 * 1024 * 1024
_SOUND = re.compile(r"audio/[\w.+-]+", re.ASCII)


class ErrandFailed(Exception):
    """The other host did not do its part; the text says it to whoever tries their app."""


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture and its type, such as `image/jpeg`."""

    data: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class Sound:
    """A sound file and its type."""

    data: bytes
    content_type: str


def bring_photo(destination: Destination, request_id: str, photo: Photo) -> None:
    """Post a photo to where it is awaited; blocking, raises ErrandFailed."""
    fields = {"requestId": request_id, "type": "photo_upload", "success": "true"}
    _post_form(destination, fields, photo)


def report_no_photo(destination: Destination, request_id: str, code: str, message: str) -> None:
    """Tell who awaits a photo that there is none; blocking, raises ErrandFailed."""
    fields = {"requestId": request_id, "type": "photo_error", "success": "false"}
    _post_form(destination, {**fields, "errorCode": code, "errorMessage": message}, None)


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


def _post_form(destination: Destination, fields: dict[str, str], photo: Photo | None) -> None:
    boundary = get_random_string(32)
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    if destination.auth_token:
        headers["Authorization"] = f"Bearer {destination.auth_token}"
    body = _encode_form(boundary, fields, photo)
    answer = call_outside_once(
        "POST", destination.url, body=body, headers=headers, timeout_seconds=ERRAND_SECONDS
    )
    _require_success(destination, answer)


def _encode_form(boundary: str, fields: dict[str, str], photo: Photo | None) -> bytes:
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    if photo is not None:
        name = f"photo.{photo.content_type.partition('/')[2]}"
        head = f'Content-Disposition: form-data; name="photo"; filename="{name}"'
        parts += [
            f"--{boundary}\r\n{head}\r\nContent-Type: {photo.content_type}\r\n\r\n".encode(),
            photo.data,
            b"\r\n",
        ]
    return b"".join([*parts, f"--{boundary}--\r\n".encode()])


def _require_success(destination: Destination, answer: OutsideAnswer) -> None:
    if answer.status is None:
        raise ErrandFailed(f"The app's server could not be reached: {answer.problem}.")
    if not HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
        path = urlsplit(destination.url).path
        raise ErrandFailed(f"The app's server answered {answer.status} at {path}.")
