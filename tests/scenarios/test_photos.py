"""A photo may be brought to any node: it is kept once, opened everywhere, and its asker told wherever they are."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.support.images import picture
from tests.support.stage import Person, RawMiniApp, Stage
from tests.support.wire import RawApp, RawPhone

PHOTO = picture("JPEG", (320, 240))
ASKED: dict[str, Any] = {"requestId": "p1", "size": "medium", "compress": "none", "saveToGallery": True}


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as client:
        yield client


def at(stage: Stage, url: str, node: int) -> str:
    """Return the same address at a node of one's own choice."""
    return f"http://127.0.0.1:{stage.cloud.port + node}/{url.split('/', 3)[3]}"


def photo_form(data: bytes = PHOTO, **fields: str) -> aiohttp.FormData:
    form = aiohttp.FormData()
    for name, value in {"requestId": "p1", "type": "photo_upload", "success": "true", **fields}.items():
        form.add_field(name, value)
    form.add_field("photo", data, filename="photo.jpg", content_type="image/jpeg")
    return form


async def cast(stage: Stage, *, family: str) -> tuple[Person, RawMiniApp, RawPhone, RawApp]:
    """Return a person with glasses at the first node and an app whose socket is at the second."""
    ada = await stage.person()
    app = await stage.raw_app(ada, permissions=["CAMERA"])
    phone = await stage.phone(ada, glasses="Mentra Live")
    await phone.send("start_app", packageName=app.package_name)
    socket = await app.join_at(ada, stage.cloud.node_ws_url(1), family=family)
    await phone.take("app_started", packageName=app.package_name)
    return ada, app, phone, socket


async def test_a_photo_is_brought_to_a_node_that_knows_nobody(
    cluster_stage: Stage, http: aiohttp.ClientSession
) -> None:
    stage = cluster_stage
    ada, app, phone, socket = await cast(stage, family="C")
    await socket.send("photo_request", **ASKED)
    asked = await phone.take("photo_request", requestId="p1")
    assert ada.email not in asked["webhookUrl"]

    async with http.post(at(stage, asked["webhookUrl"], 2), data=photo_form(b"<script>")) as refused:
        assert refused.status == 400
    async with http.post(at(stage, asked["webhookUrl"], 2), data=photo_form()) as answer:
        assert (answer.status, (await answer.json())["success"]) == (200, True)
    async with http.post(at(stage, asked["webhookUrl"], 1), data=photo_form()) as again:
        assert again.status == 404

    told = await socket.take("photo_response", requestId="p1", success=True)
    assert (told["width"], told["height"], told["savedToGallery"]) == (320, 240, True)
    upload = await app.server.uploads.take(5, requestId="p1", type="photo_upload")
    assert upload["photo"] == PHOTO
    for node in range(3):
        async with http.get(at(stage, told["photoUrl"], node)) as shown:
            assert (shown.status, shown.content_type, await shown.read()) == (200, "image/jpeg", PHOTO)
            assert shown.headers["X-Content-Type-Options"] == "nosniff"

    headers = {"Authorization": f"Bearer {ada.token}"}
    gallery = at(stage, f"{stage.cloud.url}/api/gallery", 2)
    async with http.get(gallery, headers=headers) as listed:
        (photo,) = (await listed.json())["photos"]
    assert (photo["photoUrl"], photo["appId"]) == (told["photoUrl"], app.package_name)
    async with http.delete(f"{gallery}/{photo['_id']}", headers=headers) as deleted:
        assert deleted.status == 200
    async with http.get(at(stage, told["photoUrl"], 0)) as gone:
        assert gone.status == 404


async def test_an_error_of_the_glasses_finds_the_app(
    cluster_stage: Stage, http: aiohttp.ClientSession
) -> None:
    stage = cluster_stage
    ada, app, phone, socket = await cast(stage, family="A")
    await socket.send("photo_request", **ASKED)
    asked = await phone.take("photo_request", requestId="p1")
    assert asked["webhookUrl"] == f"{app.server.url}/photo-upload"

    headers = {"Authorization": f"Bearer {ada.token}"}
    said = {"requestId": "p1", "success": False, "errorCode": "BLE_LOST", "errorMessage": "out of reach"}
    url = at(stage, f"{stage.cloud.url}/api/client/photo/response", 2)
    async with http.post(url, json=said, headers=headers) as answer:
        assert answer.status == 200

    failed = await socket.take("photo_response", requestId="p1", success=False)
    assert failed["error"] == {"code": "BLE_LOST", "message": "out of reach"}
    await app.server.uploads.take(5, requestId="p1", type="photo_error", errorCode="BLE_LOST")


async def test_a_button_nobody_listens_to_fills_the_gallery(
    cluster_stage: Stage, http: aiohttp.ClientSession
) -> None:
    stage = cluster_stage
    ada, _, phone, socket = await cast(stage, family="C")
    headers = {"Authorization": f"Bearer {ada.token}"}
    press = at(stage, f"{stage.cloud.url}/api/hardware/button-press", 2)
    async with http.post(press, json={"buttonId": "camera", "pressType": "short"}, headers=headers) as answer:
        pressed = await answer.json()
    assert (pressed["success"], pressed["action"]) == (True, "take_photo")

    form = aiohttp.FormData()
    form.add_field("metadata", f'{{"requestId": "{pressed["requestId"]}"}}')
    form.add_field("file", PHOTO, filename="photo.jpg", content_type="image/jpeg")
    upload = at(stage, f"{stage.cloud.url}/api/photos/upload", 1)
    async with http.post(upload, data=form, headers=headers) as answer:
        brought = await answer.json()
    async with http.get(at(stage, brought["photoUrl"], 2)) as shown:
        assert await shown.read() == PHOTO

    await socket.subscribe("button_press")
    await phone.barrier()
    await socket.send("ping")
    await socket.take("pong")
    async with http.post(press, json={"buttonId": "camera", "pressType": "short"}, headers=headers) as answer:
        assert await answer.json() == {"success": True}
