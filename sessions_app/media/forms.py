"""The form in which photos and their errors travel over HTTP (media.md §1.2), and posting it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.crypto import get_random_string

from sessions_app.outbound.guard import OutsideAnswer, call_outside, call_outside_once, open_client

PHOTO_UPLOAD_PATH = "/photo-upload"
POST_SECONDS = 10.0
_LONGEST_TEXT = 300


@dataclass(frozen=True, slots=True)
class PhotoFile:
    """A picture and its type, such as `image/jpeg`."""

    data: bytes
    content_type: str

    @property
    def file_name(self) -> str:
        """What the file is called in the form."""
        return f"photo.{self.content_type.partition('/')[2].replace('jpeg', 'jpg')}"


@dataclass(frozen=True, slots=True)
class Form:
    """An encoded `multipart/form-data` body and the headers that go with it."""

    body: bytes
    headers: Mapping[str, str]


def photo_form(request_id: str, photo: PhotoFile, authorization: str = "") -> Form:
    """Return the form that brings a photo; `authorization` is the header of that name, if it has one."""
    fields = {"requestId": request_id, "type": "photo_upload", "success": "true"}
    return _encode(fields, photo, authorization)


def error_form(request_id: str, code: str, message: str, authorization: str = "") -> Form:
    """Return the form that says why there is no photo."""
    fields = {"requestId": request_id, "type": "photo_error", "success": "false"}
    return _encode(
        {**fields, "errorCode": code, "errorMessage": message[:_LONGEST_TEXT]}, None, authorization
    )


async def post_form(url: str, form: Form) -> OutsideAnswer:
    """Post a form to a developer's address; never raises."""
    async with open_client() as client:
        return await call_outside(
            client, "POST", url, body=form.body, headers=form.headers, timeout_seconds=POST_SECONDS
        )


def post_form_once(url: str, form: Form, timeout_seconds: float = POST_SECONDS) -> OutsideAnswer:
    """Do the same, blocking."""
    return call_outside_once(
        "POST", url, body=form.body, headers=form.headers, timeout_seconds=timeout_seconds
    )


def _encode(fields: Mapping[str, str], photo: PhotoFile | None, authorization: str) -> Form:
    boundary = get_random_string(32)
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    if photo is not None:
        head = f'Content-Disposition: form-data; name="photo"; filename="{photo.file_name}"'
        parts += [
            f"--{boundary}\r\n{head}\r\nContent-Type: {photo.content_type}\r\n\r\n".encode(),
            photo.data,
            b"\r\n",
        ]
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    if authorization:
        headers["Authorization"] = authorization
    return Form(b"".join([*parts, f"--{boundary}--\r\n".encode()]), headers)
