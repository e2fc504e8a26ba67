"""Every SDK gets its photos, and learns why there is none, in the way it waits for it (media.md §1.3, §1.4)."""

import asyncio
import hashlib
from typing import Any

import aiohttp
import pytest

from sessions_app.protocol.fragments import PhotoError
from sessions_app.simulator.hardware import Hardware
from sessions_app.simulator.phone import SimulatedPhone
from tests.sdk.packages import Family
from tests.sdk.play import Play
from tests.sdk.probe import Probe
from tests.support.app_server import AppServer
from tests.support.inbox import PATIENCE_SECONDS
from tests.support.stage import Person

GLASSES = "Mentra Live"
BUSY = PhotoError(code="CAMERA_BUSY", message="camera in use")
# How each SDK words the failure above, by the call that failed.
WORDED = {
    (Family.A, "requestPhoto"): "Photo capture failed: camera in use (code: CAMERA_BUSY)",
    (Family.B, "requestPhoto"): "CAMERA_BUSY: camera in use",
    (Family.C, "requestPhoto"): "CAMERA_BUSY: camera in use",
    (Family.C, "takePhoto"): "camera in use",
}
CALLS = {"requestPhoto": "request_photo", "takePhoto": "take_photo"}


def calls_of(family: Family) -> list[str]:
    return [call for owner, call in WORDED if owner is family]


async def put_on(phone: SimulatedPhone, person: Person, *probes: Probe) -> None:
    """Have the phone wear glasses with a camera and start the apps."""
    await phone.report_glasses(model_name=GLASSES, wifi_ssid="lab")
    for probe in probes:
        await phone.start_app(probe.app.package_name)
        await probe.take("session", userId=person.email)
        await probe.take("webhook", type="session_request", status=200)


async def photograph(
    probe: Probe, person: Person, call: str, *, timeout_seconds: float = PATIENCE_SECONDS, **options: Any
) -> Any:
    """Make an SDK call and return what it was settled with."""
    await probe.order(CALLS[call], userId=person.email, options=options)
    return await probe.take("photo", timeout_seconds, call=call)


async def fetch(url: str, token: str = "") -> tuple[int, bytes]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with aiohttp.ClientSession() as http, http.get(url, headers=headers) as answer:
        return answer.status, await answer.read()


async def test_a_photo_arrives_and_a_failure_is_told(play: Play, family: Family) -> None:
    ada, hardware = await play.stage.person(), Hardware()
    probe = await play.probe(family, ada, permissions=["CAMERA"])
    picture = hardware.picture
    async with SimulatedPhone(play.stage.cloud.url, ada.token, hardware=hardware) as phone:
        await put_on(phone, ada, probe)
        for call in calls_of(family):
            got = await photograph(probe, ada, call, saveToGallery=True, size="large")
            if call == "takePhoto":
                assert (got["ok"], got["width"], got["height"], got["savedToGallery"]) == (True, 64, 48, True)
                assert await fetch(got["url"]) == (200, picture)
                status, gallery = await fetch(f"{play.stage.cloud.url}/api/gallery", ada.token)
                assert (status, got["url"].encode() in gallery) == (200, True)
            else:
                digest = hashlib.sha256(picture).hexdigest()
                assert (got["ok"], got["mimeType"], got["sha256"]) == (True, "image/png", digest)

        hardware.photo_error = BUSY
        for call in calls_of(family):
            failed = await photograph(probe, ada, call)
            assert (failed["ok"], failed["message"]) == (False, WORDED[family, call])
            assert probe.count("photo", call=call) == 2


async def test_two_photos_at_once_are_taken_one_after_the_other(play: Play) -> None:
    ada = await play.stage.person()
    probe = await play.probe(Family.C, ada, permissions=["CAMERA"])
    async with SimulatedPhone(play.stage.cloud.url, ada.token) as phone:
        await put_on(phone, ada, probe)
        first, second = await asyncio.gather(
            photograph(probe, ada, "takePhoto"), photograph(probe, ada, "takePhoto")
        )
    assert first["ok"]
    assert second["ok"]
    assert first["url"] != second["url"]


@pytest.mark.parametrize("family", [Family.A, Family.B], ids=str)
async def test_a_photo_may_be_brought_elsewhere(play: Play, family: Family) -> None:
    ada = await play.stage.person()
    probe = await play.probe(family, ada, permissions=["CAMERA"])
    async with AppServer() as elsewhere, SimulatedPhone(play.stage.cloud.url, ada.token) as phone:
        await put_on(phone, ada, probe)
        url = f"{elsewhere.url}/photo-upload"
        got = await photograph(probe, ada, "requestPhoto", customWebhookUrl=url, authToken="let-me-in")
        assert (got["ok"], got["bytes"]) == (True, 0)
        upload = await elsewhere.uploads.take(5, type="photo_upload")
        assert upload["authorization"] == "Bearer let-me-in"
        assert upload["photo"] == phone.hardware.picture


async def test_every_sdk_is_told_before_it_gives_up(quick_play: Play) -> None:
    ada, hardware = await quick_play.stage.person(), Hardware(uploads_photos=False)
    probes = {family: await quick_play.probe(family, ada, permissions=["CAMERA"]) for family in Family}
    phone = SimulatedPhone(quick_play.stage.cloud.url, ada.token, hardware=hardware)
    await phone.connect()
    await put_on(phone, ada, *probes.values())

    # A success without a photo settles nothing: SDK 3 would take it for an empty picture.
    late = await photograph(probes[Family.C], ada, "takePhoto")
    assert (late["ok"], "last hop: glasses" in late["message"]) == (False, True)
    hardware.is_silent = True
    for family in (Family.A, Family.C):
        failed = await photograph(probes[family], ada, "requestPhoto")
        assert (failed["ok"], "last hop: phone" in failed["message"]) == (False, True), (family, failed)

    await phone.drop()
    gone = await asyncio.gather(
        *(photograph(probe, ada, "requestPhoto", timeout_seconds=12) for probe in probes.values())
    )
    for failed in gone:
        assert (failed["ok"], "phone" in failed["message"]) == (False, True)
