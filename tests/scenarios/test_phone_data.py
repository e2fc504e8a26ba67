"""What a phone reports by REST reaches its session wherever that is, and its goodbye ends it early."""

import asyncio
from collections.abc import AsyncIterator
from io import BytesIO
from typing import Any

import aiohttp
import pytest

from tests.support.stage import Person, Stage

EVENT = {
    "id": "77",
    "title": "Stand-up",
    "startDate": "2026-01-02T09:00:00Z",
    "endDate": "2026-01-02T09:15:00Z",
}
RANG = {"notificationId": "n-1", "app": "Messages", "title": "Bob", "content": "Lunch?"}
STREAMS = ("calendar_event", "phone_notification", "phone_notification_dismissed", "location_stream")


class Rest:
    """REST of one person at a node of one's own choice."""

    def __init__(self, stage: Stage, person: Person, node: int) -> None:
        self._base = f"http://127.0.0.1:{stage.cloud.port + node}/api/client"
        self._client = aiohttp.ClientSession(headers={"Authorization": f"Bearer {person.token}"})

    async def post(self, path: str, body: Any) -> Any:
        """Post and return the answer, which must be 200."""
        async with self._client.post(f"{self._base}/{path}", json=body) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def get(self, path: str) -> Any:
        """Return the answer to a GET, which must be 200."""
        async with self._client.get(f"{self._base}/{path}") as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def bring(self, url: str, data: bytes) -> int:
        """PUT bytes to an address of the cloud, at this node and without a token; return the status."""
        async with (
            aiohttp.ClientSession() as client,
            client.put(self._here(url), data=BytesIO(data)) as answer,
        ):
            return answer.status

    async def fetch(self, url: str) -> bytes:
        """Return what is at an address of the cloud, from this node and without a token."""
        async with aiohttp.ClientSession() as client, client.get(self._here(url)) as answer:
            assert answer.status == 200
            return await answer.read()

    def _here(self, url: str) -> str:
        return f"{self._base.removesuffix('/api/client')}/{url.split('/', 3)[3]}"

    async def get_status(self, path: str) -> int:
        """Return the status of a GET."""
        async with self._client.get(f"{self._base}/{path}") as answer:
            return answer.status

    async def close(self) -> None:
        await self._client.close()


@pytest.fixture
async def opened() -> AsyncIterator[list[Rest]]:
    made: list[Rest] = []
    yield made
    for each in made:
        await each.close()


async def test_a_phone_reports_to_a_node_that_knows_nobody(cluster_stage: Stage, opened: list[Rest]) -> None:
    stage = cluster_stage
    ada = await stage.person()
    app = await stage.raw_app(ada, permissions=["CALENDAR", "READ_NOTIFICATIONS", "LOCATION"])
    phone = await stage.phone(ada, glasses=None)
    await phone.send("start_app", packageName=app.package_name)
    socket = await app.join_at(ada, stage.cloud.node_ws_url(1), family="C")
    await phone.take("app_started", packageName=app.package_name)
    await socket.subscribe(*STREAMS)
    await stage.until_subscribed(ada, app.package_name, *STREAMS)
    await phone.take("set_location_tier", tier="standard")
    rest = Rest(stage, ada, node=2)
    opened.append(rest)

    report = {"modelName": "Mentra Live", "batteryLevel": 72, "wifiConnected": True}
    applied = (await rest.post("device/state", report))["appliedState"]
    assert (applied["isGlassesConnected"], applied["isPhoneConnected"]) == (True, True)
    assert applied["capabilities"]["hasCamera"] is True
    await socket.take("capabilities_update", modelName="Mentra Live")
    await socket.take("device_state_update", fullSnapshot=False, state={"connected": True, **report})

    await socket.send("location_poll_request", correlationId="c1", accuracy="realtime")
    await phone.take("request_single_location", correlationId="c1", accuracy="realtime")
    told = await rest.post("location/poll-response/c1", {"lat": 1, "lng": 2})
    assert told["resolved"] is True
    await socket.take("data_stream", streamType="location_update", data={"correlationId": "c1", "lat": 1})
    assert (await rest.post("location/poll-response/c1", {"lat": 1, "lng": 2}))["resolved"] is False

    await rest.post("calendar", {"events": [EVENT]})
    await rest.post("notifications", RANG)
    await rest.post("notifications/dismissed", {"notificationId": "n-1", "notificationKey": "0|x|1"})
    await rest.post("location", {"location": {"coords": {"latitude": 52.5, "longitude": 13.4}}})
    heard = [await socket.take("data_stream", streamType=stream) for stream in STREAMS[:3]]
    assert heard[0]["data"]["dtStart"] == EVENT["startDate"]
    assert heard[2]["data"]["title"] == "Bob"
    await socket.take("data_stream", streamType="location_stream", data={"lat": 52.5, "lng": 13.4})

    assert await rest.get_status("session-health") == 200
    await phone.close()
    again = await stage.redial(ada, node=1)
    await again.take("set_location_tier", tier="standard")
    assert await rest.get_status("session-health") == 200
    known = (await rest.post("device/state", {"batteryLevel": 71}))["appliedState"]
    assert known["modelName"] == "Mentra Live"


ADDED = """
from sessions_app.models import GlassesProfile
from sessions_app.phone.profile_rules import empty_profile
GlassesProfile.objects.create(model_name="Pebbles", capabilities={**empty_profile("Pebbles"), "hasWifi": True})
"""


async def test_glasses_an_operator_describes_are_known_at_every_node(
    cluster_stage: Stage, opened: list[Rest]
) -> None:
    stage = cluster_stage
    ada, bob = await stage.person(), await stage.person("bob")
    app = await stage.raw_app(ada, bob)
    sockets = []
    for node, person in enumerate((ada, bob)):
        phone = await stage.phone(person, glasses="Pebbles", node=node)
        sockets.append(await stage.start_c(phone, person, app))
        rest = Rest(stage, person, node=2)
        opened.append(rest)
        applied = (await rest.post("device/state", {"batteryLevel": 5}))["appliedState"]
        assert (applied["modelName"], applied["capabilities"]) == ("Pebbles", None)
    await asyncio.to_thread(stage.cloud.run, "shell", "-c", ADDED)
    for socket in sockets:
        told = await socket.take(
            "capabilities_update", 12, modelName="Pebbles", capabilities={"hasWifi": True}
        )
        assert told["capabilities"]["hasCamera"] is False


async def test_a_film_of_the_glasses_passes_any_node(cluster_stage: Stage, opened: list[Rest]) -> None:
    stage, film = cluster_stage, b"\0\0\0\x18ftypmp42" + bytes(3 * 1024 * 1024)
    ada = await stage.person()
    glasses, phone = Rest(stage, ada, node=1), Rest(stage, ada, node=2)
    opened += [glasses, phone]
    said = {"filename": "v.mp4", "mimeType": "video/mp4", "sizeBytes": len(film), "capturedAt": 1767323045678}
    told = (await glasses.post("asg/gallery/video-upload-url", said))["data"]
    assert await phone.bring(told["uploadUrl"], film) == 200
    assert await phone.bring(told["uploadUrl"], film) == 404
    await glasses.post("asg/gallery/video-upload-complete", {"id": told["id"]})
    (item,) = (await phone.get("asg/gallery/pending"))["data"]["items"]
    assert await phone.fetch(item["downloadUrl"]) == film
    await phone.post("asg/gallery/mark-synced", {"ids": [item["id"]]})
    assert (await glasses.get("asg/gallery/pending"))["data"]["items"] == []


async def test_goodbye_ends_a_session_early_and_its_apps_hear_of_it(stage: Stage, opened: list[Rest]) -> None:
    ada = await stage.person()
    app = await stage.raw_app(ada)
    phone = await stage.phone(ada)
    await stage.start_c(phone, ada, app)
    rest = Rest(stage, ada, node=0)
    opened.append(rest)

    await rest.post("goodbye", {})
    assert (await phone.closed()).reason == "Goodbye"
    assert await rest.get_status("session-health") == 503
    await app.server.webhooks.take(15, type="stop_request")
    await stage.until_session(ada, "it is disposed", lambda row: row["state"] == "DISPOSED")
