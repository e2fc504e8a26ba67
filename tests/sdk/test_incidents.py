"""A report reaches the operators with the log of an app of SDK 3, also when no worker runs for a while (rest §9)."""

import asyncio
from typing import Any

import aiohttp

from tests.sdk.packages import Family
from tests.sdk.play import Play
from tests.support.images import picture

POLL_SECONDS = 0.2
COLLECTED_SECONDS = 20


async def test_the_apps_of_a_session_add_their_logs_to_a_report(play: Play) -> None:
    cloud = play.stage.cloud
    ada, operator = await play.stage.person(), await play.stage.person("operator")
    staff = (await asyncio.to_thread(cloud.run, "issue_token", operator.email, "--staff")).strip()
    phone = await play.stage.phone(ada)
    newer = await play.probe(Family.B, ada)
    older = await play.probe(Family.A, ada)
    for probe in (newer, older):
        await play.start(phone, ada, probe)
    # As its SDK does 15 s later; until then nothing tells it from SDK 2.
    await newer.order("ping", userId=ada.email)
    await newer.order("log_line", userId=ada.email, text="the lens jumped, token=abcdefgh")

    workers = [one for one in cloud.processes() if {"celery", "worker"} <= set(one.cmdline())]
    assert workers
    mine = {"Authorization": f"Bearer {ada.token}"}
    theirs = {"Authorization": f"Bearer {staff}"}
    async with aiohttp.ClientSession() as http:
        for worker in workers:
            worker.suspend()
        try:
            body = {"feedback": {"type": "bug", "description": "It froze"}, "phoneState": {"battery": 7}}
            async with http.post(f"{cloud.url}/api/incidents", json=body, headers=mine) as answer:
                incident = (await answer.json())["incidentId"]
                assert answer.status == 200
            base = f"{cloud.url}/api/incidents/{incident}"
            lines = {"source": "phone", "logs": [{"level": "error", "message": "bluetooth fell over"}]}
            async with http.post(f"{base}/logs", json=lines, headers=mine) as answer:
                assert answer.status == 200
            form = aiohttp.FormData()
            form.add_field("files", picture("PNG", (9, 9)), filename="a.png", content_type="image/png")
            async with http.post(f"{base}/attachments", data=form, headers=mine) as answer:
                assert answer.status == 200
        finally:
            for worker in workers:
                worker.resume()

        async def log() -> list[dict[str, Any]]:
            address = f"{cloud.url}/api/console/admin/incidents/{incident}/logs"
            async with http.get(address, headers=theirs) as answer:
                assert answer.status == 200
                found: list[dict[str, Any]] = (await answer.json())["data"]["lines"]
                return found

        async with asyncio.timeout(COLLECTED_SECONDS):
            while True:
                gathered = await log()
                if any(line["from"] == newer.app.package_name for line in gathered):
                    break
                await asyncio.sleep(POLL_SECONDS)
        of_app = [line["message"] for line in gathered if line["from"] == newer.app.package_name]
        assert [text for text in of_app if "the lens jumped" in text] == ["the lens jumped, token=•••"]
        sources = {line["from"] for line in gathered}
        servers = {f"server: {probe.app.package_name}" for probe in (newer, older)}
        assert {"phone", "server", *servers} <= sources
        assert older.app.package_name not in sources
        async with http.get(f"{cloud.url}/api/console/admin/incidents", headers=mine) as answer:
            assert answer.status == 403
