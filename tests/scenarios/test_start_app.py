"""Starting an app: the webhook, who waits for whom, and each way to fail (lifecycle §4–5)."""

import hashlib
import hmac
import time

import pytest

from tests.support.cloud_fixtures import SHORT_DEADLINES
from tests.support.stage import GLASSES, Stage

BOOT_TITLE = "// MentraOS - Starting App"
LONGER_THAN_A_WEBHOOK_SECONDS = float(SHORT_DEADLINES["WEBHOOK_TIMEOUT_SECONDS"]) + 0.5


async def test_the_start_webhook_says_where_to_connect_and_is_signed(stage: Stage) -> None:
    ada = await stage.person()
    app = await stage.raw_app(ada)
    phone = await stage.phone(ada)

    await phone.send("start_app", packageName=app.package_name)

    call = await app.invitation(ada)
    assert call["sessionId"] == app.session_id(ada)
    assert call["timestamp"].endswith("Z")
    assert stage.cloud.proxy is not None
    expected_url = f"ws://127.0.0.1:{stage.cloud.proxy.port}/app-ws"
    for field in ("websocketUrl", "mentraOSWebsocketUrl", "augmentOSWebsocketUrl"):
        assert call[field] == expected_url
    sent_at = call["headers"]["X-Mentra-Timestamp"]
    signed = hmac.new(app.record.webhook_secret.encode(), f"{sent_at}.{call['raw']}".encode(), hashlib.sha256)
    assert call["headers"]["X-Mentra-Signature"] == f"sha256={signed.hexdigest()}"
    assert abs(time.time() * 1000 - int(sent_at)) < 30_000


async def test_the_phone_watches_the_app_come_up(stage: Stage) -> None:
    ada = await stage.person()
    app = await stage.raw_app(ada)
    phone = await stage.phone(ada)

    await phone.send("start_app", packageName=app.package_name)
    loading = await phone.take("app_state_change", userSession={"loadingApps": [app.package_name]})
    boot = await phone.take("display_event", packageName="com.mentra.os")
    await app.join_a(ada)

    await phone.take("app_started", packageName=app.package_name)
    await phone.take(
        "app_state_change", userSession={"activeAppSessions": [app.package_name], "loadingApps": []}
    )
    assert loading["userSession"]["activeAppSessions"] == []
    assert boot["layout"]["layoutType"] == "reference_card"
    assert boot["layout"]["title"] == BOOT_TITLE
    cleared = await phone.take(
        "display_event", packageName="com.mentra.os", layout={"layoutType": "text_wall"}
    )
    assert cleared["layout"]["text"] == ""


async def test_impatient_starts_are_one_start(stage: Stage) -> None:
    ada = await stage.person()
    app = await stage.raw_app(ada)
    phone = await stage.phone(ada)

    for _ in range(5):
        await phone.send("start_app", packageName=app.package_name)
    await app.join_a(ada)
    await phone.take("app_started", packageName=app.package_name)
    await phone.send("start_app", packageName=app.package_name)
    await phone.barrier()

    assert len(app.server.webhooks.seen(type="session_request")) == 1


async def test_an_app_that_is_not_installed_is_not_called(stage: Stage) -> None:
    ada, bob = await stage.person(), await stage.person("bob")
    app = await stage.raw_app(bob)
    phone = await stage.phone(ada)

    await phone.send("start_app", packageName=app.package_name)

    await phone.take("app_stopped", packageName=app.package_name)
    assert not app.server.webhooks.history


async def test_an_app_nobody_knows_cannot_be_started(stage: Stage) -> None:
    ada = await stage.person()
    phone = await stage.phone(ada)

    await phone.send("start_app", packageName="com.example.nobody")

    await phone.take("app_stopped", packageName="com.example.nobody")


@pytest.mark.parametrize(("status", "calls"), [(400, 1), (404, 1), (500, 2), (503, 2)])
async def test_a_refusing_app_server_fails_the_start(quick_stage: Stage, status: int, calls: int) -> None:
    ada = await quick_stage.person()
    app = await quick_stage.raw_app(ada)
    app.server.status = status
    phone = await quick_stage.phone(ada)

    await phone.send("start_app", packageName=app.package_name)

    await phone.take("app_stopped", 8, packageName=app.package_name)
    change = await phone.take("app_state_change", userSession={"activeAppSessions": [], "loadingApps": []})
    assert change["error"]
    assert len(app.server.webhooks.seen(type="session_request")) == calls


async def test_an_app_server_that_is_down_fails_the_start(quick_stage: Stage) -> None:
    ada = await quick_stage.person()
    app = await quick_stage.raw_app(ada)
    await app.server.stop()
    phone = await quick_stage.phone(ada)

    await phone.send("start_app", packageName=app.package_name)

    await phone.take("app_stopped", 8, packageName=app.package_name)


async def test_an_app_that_never_connects_times_out_and_may_be_started_again(quick_stage: Stage) -> None:
    ada = await quick_stage.person()
    app = await quick_stage.raw_app(ada)
    phone = await quick_stage.phone(ada)

    await phone.send("start_app", packageName=app.package_name)
    await phone.take("app_stopped", 8, packageName=app.package_name)
    app.server.webhooks.forget()

    await quick_stage.start_a(phone, ada, app)


async def test_a_missing_piece_of_hardware_prevents_the_start_of_nothing_else(stage: Stage) -> None:
    ada = await stage.person()
    app = await stage.raw_app(ada)
    phone = await stage.phone(ada, glasses=None)

    socket = await stage.start_a(phone, ada, app)

    snapshot = await socket.take("device_state_update")
    assert snapshot["state"].get("connected") in (False, None)
    await phone.send("glasses_connection_state", modelName=GLASSES, status="CONNECTED")
    changed = await socket.take("capabilities_update")
    assert changed["modelName"] == GLASSES
    assert changed["capabilities"]["hasDisplay"] is True


async def test_an_app_server_that_answers_late_is_called_once(quick_stage: Stage) -> None:
    ada = await quick_stage.person()
    app = await quick_stage.raw_app(ada)
    app.server.delay_seconds = LONGER_THAN_A_WEBHOOK_SECONDS
    phone = await quick_stage.phone(ada)

    socket = await quick_stage.start_a(phone, ada, app)

    await app.server.webhooks.none(LONGER_THAN_A_WEBHOOK_SECONDS + 1, type="session_request")
    assert socket.is_open()
    await quick_stage.until_app(ada, app.package_name, "running")
