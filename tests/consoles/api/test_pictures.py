"""Pictures by REST: uploaded, shown, forgotten (rest §12)."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from apps_registry.models import Picture
from apps_registry.services import add_preview
from tests.consoles.api.conftest import Calling
from tests.support.images import picture
from tests.support.personas import BOB, CAPTIONS, DORA, make_app, make_token

pytestmark = pytest.mark.django_db

PATH = "/api/dev/images/upload"


def upload(data: bytes, email: str = DORA, **fields: str) -> tuple[int, Any]:
    form = {"file": SimpleUploadedFile("logo.png", data), **fields}
    answer = Client().post(PATH, form, headers={"authorization": f"Bearer {make_token(email)}"})
    return answer.status_code, answer.json()


def test_an_upload_is_stored_and_shown_to_everybody(calling: Calling) -> None:
    make_app()
    code, said = upload(picture(), metadata=json.dumps({"appPackageName": CAPTIONS}))

    assert (code, sorted(said)) == (200, ["imageId", "url"])
    shown = Client().get(said["url"].removeprefix("http://127.0.0.1:8000"))
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/png")
    told = calling(DORA).put(f"/console/apps/{CAPTIONS}", {"logoURL": said["url"]})[1]["data"]
    assert told["logoURL"] == said["url"]


def test_an_upload_comes_instead_of_another_one(calling: Calling) -> None:
    first = upload(picture(colour="navy"))[1]["imageId"]
    second = upload(picture(colour="red"), replaceImageId=first)[1]["imageId"]

    assert [row.image_id for row in Picture.objects.all()] == [second]
    assert calling(BOB).delete(f"/dev/images/{second}")[0] == 404
    assert calling(DORA).delete(f"/dev/images/{second}") == (200, {"success": True})
    assert calling(DORA).delete(f"/dev/images/{second}")[0] == 404


@pytest.mark.parametrize(
    ("data", "fields", "code"),
    [
        (b"no picture", {}, 400),
        (b"", {}, 400),
        (picture(), {"metadata": "{"}, 400),
        (picture(), {"metadata": '{"appPackageName": "com.example.none"}'}, 404),
        (b"x" * (10 * 1024 * 1024 + 1), {}, 413),
    ],
)
def test_what_is_no_picture_of_ones_own_is_refused(data: bytes, fields: dict[str, str], code: int) -> None:
    answer = upload(data, **fields)
    assert (answer[0], list(answer[1])) == (code, ["error"])
    assert not Picture.objects.exists()


def test_a_form_without_a_picture_is_told(calling: Calling) -> None:
    token = make_token(DORA)
    answer = Client().post(PATH, {"metadata": ""}, headers={"authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json()) == (400, {"error": "file: No file was submitted."})
    assert calling(DORA).post("/dev/images/upload", {})[0] == 415


@pytest.mark.parametrize("image_id", ["none", "%00", "_", "%25", "A" * 64])
def test_a_picture_that_never_was_is_not_there(calling: Calling, image_id: str) -> None:
    upload(picture())
    assert calling(DORA).delete(f"/dev/images/{image_id}")[0] == 404
    assert Picture.objects.count() == 1


def test_an_app_shows_its_previews(calling: Calling) -> None:
    app = make_app().app
    add_preview(app=app, data=picture(size=(800, 400)))
    (preview,) = calling(BOB).get(f"/store/{CAPTIONS}")[1]["data"]["previewImages"]

    assert (preview["orientation"], preview["order"], len(preview["imageId"])) == ("landscape", 0, 64)
