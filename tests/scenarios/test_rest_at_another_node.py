"""Apps are started and settings are changed at a node that does not own the session (rest §4, P-15, P-56)."""

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from tests.support.cloud import Cloud
from tests.support.cloud_fixtures import KNOWN_SECRET, SERVER, SHORT_DEADLINES
from tests.support.inbox import Item
from tests.support.rest import ask
from tests.support.stage import Person, RawMiniApp, Stage, staged
from tests.support.wire import RawPhone

PHONES, OTHER = 0, 1
SIZE = {"type": "slider", "key": "size", "label": "Size", "min": 1, "max": 9, "defaultValue": 5}
STARTED = (200, {"success": True, "data": {"status": "started", "isRunning": True}})


@pytest.fixture(scope="module")
def two_nodes() -> Iterator[Cloud]:
    with Cloud(KNOWN_SECRET | SHORT_DEADLINES, server=SERVER, nodes=2) as running:
        yield running


@pytest.fixture
async def pair(two_nodes: Cloud) -> AsyncIterator[Stage]:
    async for made in staged(two_nodes):
        yield made


async def cast(stage: Stage, **declared: Any) -> tuple[Person, RawPhone, RawMiniApp]:
    """Return Ada, whose phone is at the first node, and her app, as its developer declared it."""
    ada, dora = await stage.person(), await stage.person("dora")
    app = await stage.raw_app(ada, developer=dora)
    phone = await stage.phone(ada, node=PHONES)
    if declared:
        code, said = await ask(stage, dora, "PUT", f"/api/console/apps/{app.package_name}", declared)
        assert code == 200, said
    return ada, phone, app


def start(stage: Stage, ada: Person, app: RawMiniApp, deed: str = "start") -> asyncio.Task[tuple[int, Any]]:
    path = f"/api/apps/{app.package_name}/{deed}"
    return asyncio.create_task(ask(stage, ada, "POST", path, node=OTHER))


async def failure(starting: asyncio.Task[tuple[int, Any]]) -> tuple[int, str]:
    code, said = await starting
    assert said["success"] is False
    assert said["message"] == said["error"]["message"]
    return code, said["error"]["stage"]


async def test_starts_at_once_are_one_and_say_that_the_app_runs(pair: Stage) -> None:
    ada, phone, app = await cast(pair)
    starts = [start(pair, ada, app) for _ in range(3)]
    await phone.send("start_app", packageName=app.package_name)
    await app.join_a(ada)
    assert await asyncio.gather(*starts) == [STARTED] * 3
    await phone.take("app_started", packageName=app.package_name)
    assert len(app.server.webhooks.seen(type="session_request")) == 1
    [shown] = (await ask(pair, ada, "GET", "/api/client/apps", node=OTHER))[1]["data"]
    assert (shown["running"], shown["healthy"]) == (True, True)

    assert (await start(pair, ada, app, "stop"))[1]["data"]["isRunning"] is False
    await app.server.webhooks.take(5, type="stop_request", reason="user_disabled")


async def test_each_way_to_fail_is_told(pair: Stage) -> None:
    ada, phone, broken = await cast(pair)
    refused, called_off, silent = [await pair.raw_app(ada) for _ in range(3)]
    broken.server.status = 500
    starts = [start(pair, ada, app) for app in (broken, refused, called_off, silent)]

    invitation = await refused.invitation(ada)
    socket = await refused.dial_a(invitation["mentraOSWebsocketUrl"])
    await socket.init_a(refused.session_id(ada), refused.package_name, "0" * 64)
    await called_off.invitation(ada)
    assert (await start(pair, ada, called_off, "stop"))[0] == 200

    assert [await failure(starting) for starting in starts] == [
        (502, "WEBHOOK"),
        (502, "AUTHENTICATION"),
        (502, "CONNECTION"),
        (504, "TIMEOUT"),
    ]
    for app in (broken, refused, called_off, silent):
        await phone.take("app_stopped", packageName=app.package_name)
    shown = (await ask(pair, ada, "GET", "/api/client/apps", node=OTHER))[1]["data"]
    assert [app["healthy"] for app in shown] == [False, False, True, False]


async def test_glasses_that_lack_a_part_are_told_before_anybody_is_called(pair: Stage) -> None:
    ada, _, app = await cast(pair, hardwareRequirements=[{"type": "CAMERA", "level": "REQUIRED"}])
    assert await failure(start(pair, ada, app)) == (409, "HARDWARE_CHECK")
    assert app.server.webhooks.history == []


async def running(stage: Stage) -> tuple[Person, RawPhone, RawMiniApp, Any]:
    ada, phone, app = await cast(stage, settings=[SIZE])
    socket = await stage.start_a(phone, ada, app)
    return ada, phone, app, socket


def is_signed(call: Item, secret: str) -> bool:
    sent_at = call["headers"]["X-Mentra-Timestamp"]
    signed = hmac.new(secret.encode(), f"{sent_at}.{call['raw']}".encode(), hashlib.sha256)
    return bool(call["headers"]["X-Mentra-Signature"] == f"sha256={signed.hexdigest()}")


async def test_settings_of_an_app_reach_it_where_it_runs(pair: Stage) -> None:
    ada, _, app, socket = await running(pair)
    path = f"/appsettings/{app.package_name}"
    code, said = await ask(pair, ada, "POST", path, {"key": "size", "value": 7}, node=OTHER)
    assert code == 200, said
    update = await socket.take("settings_update")
    assert update["settings"] == [{**SIZE, "value": 7}]
    assert (await socket.take("augmentos_settings_update"))["settings"]["metricSystemEnabled"] is False
    call = await app.server.settings.take(5, userIdForSettings=ada.email)
    assert call["settings"] == update["settings"]
    assert is_signed(call, app.record.webhook_secret)

    mine = f"/appsettings/user/{app.package_name}"
    assert (await ask(pair, app.session_id(ada), "GET", mine, node=OTHER))[1]["settings"] == call["settings"]
    code, said = await ask(pair, ada, "POST", path, {"key": "size", "value": 10}, node=OTHER)
    assert (code, said["code"]) == (400, "INVALID_SETTING_VALUE")


async def test_changes_at_both_nodes_at_the_same_time_are_all_kept(pair: Stage) -> None:
    ada, phone, app, socket = await running(pair)
    path = "/api/client/user/settings"
    changes = [{f"key{number}": number} for number in range(8)] + [{"metric_system_enabled": True}]
    done = await asyncio.gather(
        *(
            ask(pair, ada, "PUT", path, {"settings": change}, node=number % 2)
            for number, change in enumerate(changes)
        ),
        *(
            ask(
                pair,
                ada,
                "POST",
                f"/appsettings/{app.package_name}",
                {"key": f"k{number}", "value": number},
                node=number % 2,
            )
            for number in range(6)
        ),
    )
    assert {code for code, _ in done} == {200}
    kept = (await ask(pair, ada, "GET", path))[1]["data"]["settings"]
    assert kept == {key: value for change in changes for key, value in change.items()}
    await phone.take("settings_update", settings={"metricSystemEnabled": True})
    await socket.take("augmentos_settings_update", settings={"metricSystemEnabled": True})
    while len((await socket.take("settings_update"))["settings"]) < 7:
        pass
