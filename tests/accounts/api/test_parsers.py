"""Bodies are read up to their limit, whatever they hold."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory

from accounts.api.parsers import MAX_JSON_BYTES, MAX_PICTURE_BYTES, PictureParser
from accounts.api.views import ApiView

requests = APIRequestFactory()


class Echo(ApiView):
    def post(self, request: Request) -> Response:
        return Response({"got": request.data})


class Picture(ApiView):
    parser_classes = (PictureParser,)

    def post(self, request: Request) -> Response:
        return Response({"size": request.FILES["file"].size})


def post(body: bytes, content_type: str = "application/json") -> Response:
    request = requests.generic("POST", "/", body, content_type)  # type: ignore[arg-type]
    return Echo.as_view()(request)


def test_json_is_read() -> None:
    assert post(b'{"a": 1}').data == {"got": {"a": 1}}


@pytest.mark.parametrize("body", [b"{", b"\xff", b'{"a": NaN}', b"[" * 100_000, b"9" * 5000])
def test_what_is_no_json_is_told(body: bytes) -> None:
    answer = post(body)
    assert answer.status_code == 400
    assert answer.data["error"].startswith("JSON parse error")


def test_a_long_body_is_refused() -> None:
    assert post(json.dumps("x" * MAX_JSON_BYTES).encode()).status_code == 413
    assert post(json.dumps("x" * (MAX_JSON_BYTES - 2)).encode()).status_code == 200


def test_another_type_is_refused() -> None:
    assert post(b"a=1", "application/x-www-form-urlencoded").status_code == 415


def test_answers_are_json_whatever_is_accepted() -> None:
    request = requests.post("/", {"a": 1}, format="json", headers={"accept": "image/png"})
    answer = Echo.as_view()(request)
    assert (answer.status_code, answer.accepted_media_type) == (200, "application/json")


def test_a_picture_is_read_up_to_its_limit() -> None:
    def send(size: int) -> Response:
        form = {"file": SimpleUploadedFile("a.png", b"x" * size)}
        return Picture.as_view()(requests.post("/", form, format="multipart"))

    assert send(100).data == {"size": 100}
    assert send(MAX_PICTURE_BYTES + 100_000).status_code == 413
