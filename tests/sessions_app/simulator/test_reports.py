"""The simulated phone reports by REST what newer phones do."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from sessions_app.simulator.errors import Refused, Unreachable
from sessions_app.simulator.reports import PhoneReports

Asked = list[tuple[str, str, Any]]


@pytest.fixture
async def cloud() -> AsyncIterator[tuple[str, Asked]]:
    """A cloud that knows no session for positions, and takes everything else."""
    asked: Asked = []

    async def answer(request: web.Request) -> web.Response:
        asked.append((request.path, request.headers["Authorization"], await request.json()))
        if request.path.endswith("/location"):
            return web.json_response({"error": "NO_ACTIVE_SESSION"}, status=503)
        return web.json_response({"success": True})

    app = web.Application()
    app.router.add_post("/{path:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    yield f"127.0.0.1:{port}", asked
    await runner.cleanup()


@pytest.mark.parametrize("address", ["http://{}", "ws://{}/glasses-ws"])
async def test_reports_reach_the_cloud_at_any_of_its_addresses(
    cloud: tuple[str, Asked], address: str
) -> None:
    host, asked = cloud
    reports = PhoneReports(address.format(host), "tok")
    await reports.glasses(batteryLevel=7)
    await reports.calendar({"id": "1"})
    await reports.notification(notificationId="n")
    await reports.dismissed("n")
    await reports.location(1.5, 2.5, correlation_id="c1")
    await reports.goodbye()
    place = {"location": {"coords": {"latitude": 1.5, "longitude": 2.5}}}
    said = [
        ("device/state", {"batteryLevel": 7}),
        ("calendar", {"events": [{"id": "1"}]}),
        ("notifications", {"notificationId": "n"}),
        ("notifications/dismissed", {"notificationId": "n"}),
        ("location/poll-response/c1", place),
        ("goodbye", {}),
    ]
    assert asked == [(f"/api/client/{path}", "Bearer tok", body) for path, body in said]


async def test_a_refusal_and_silence_are_told(cloud: tuple[str, Asked]) -> None:
    host, _ = cloud
    with pytest.raises(Refused, match="503 NO_ACTIVE_SESSION"):
        await PhoneReports(f"http://{host}", "tok").location(1, 2)
    with pytest.raises(Unreachable, match="did not answer"):
        await PhoneReports("http://127.0.0.1:9", "tok").goodbye()
