"""The order in which a stopping app is told, per generation (lifecycle §6, decision 19 of the protocol)."""

import asyncio

from tests.support.stage import Stage
from tests.support.wire import Closed


async def test_family_a_gets_message_and_webhook_and_then_the_close(stage: Stage) -> None:
    ada = await stage.person()
    app = await stage.raw_app(ada)
    phone = await stage.phone(ada)
    socket = await stage.start_a(phone, ada, app)

    await phone.send("stop_app", packageName=app.package_name)

    told = await socket.take("app_stopped", reason="user_disabled")
    called = await app.server.webhooks.take(type="stop_request")
    assert await socket.closed(3) == Closed(1000, "App stopped")
    assert told["sessionId"] == app.session_id(ada)
    assert called["reason"] == "user_disabled"
    assert called["userId"] == ada.email
    assert called["sessionId"] == app.session_id(ada)
    await phone.take("app_stopped", packageName=app.package_name)


async def test_family_c_gets_the_webhook_after_it_hung_up(stage: Stage) -> None:
    ada = await stage.person()
    app = await stage.raw_app(ada)
    phone = await stage.phone(ada)
    socket = await stage.start_c(phone, ada, app)

    await phone.send("stop_app", packageName=app.package_name)
    await socket.take("app_stopped", reason="user_disabled")
    await app.server.webhooks.none(0.4, type="stop_request")
    await socket.close(1000, "Client disconnect")

    await app.server.webhooks.take(0.5, type="stop_request", reason="user_disabled")


async def test_family_c_that_does_not_hang_up_is_called_after_a_second(stage: Stage) -> None:
    ada = await stage.person()
    app = await stage.raw_app(ada)
    phone = await stage.phone(ada)
    socket = await stage.start_c(phone, ada, app)

    await phone.send("stop_app", packageName=app.package_name)
    await socket.take("app_stopped")

    await app.server.webhooks.take(2.5, type="stop_request")
    assert await socket.closed(3) == Closed(1000, "App stopped")


async def test_another_foreground_app_stops_the_first_as_a_decision_of_the_system(stage: Stage) -> None:
    ada = await stage.person()
    first = await stage.raw_app(ada, app_type="standard")
    second = await stage.raw_app(ada, app_type="standard")
    background = await stage.raw_app(ada)
    phone = await stage.phone(ada)
    front = await stage.start_a(phone, ada, first)
    behind = await stage.start_a(phone, ada, background)

    await stage.start_a(phone, ada, second)

    await front.take("app_stopped", reason="system_stop")
    await phone.take("app_stopped", packageName=first.package_name)
    assert behind.is_open()


async def test_a_stop_during_the_start_ends_the_start(stage: Stage) -> None:
    ada = await stage.person()
    app = await stage.raw_app(ada)
    phone = await stage.phone(ada)
    await phone.send("start_app", packageName=app.package_name)
    await app.invitation(ada)

    await phone.send("stop_app", packageName=app.package_name)

    await phone.take("app_stopped", packageName=app.package_name)
    late = await app.dial_a(f"{stage.cloud.ws_url}/app-ws")
    await late.init_a(app.session_id(ada), app.package_name, app.record.api_key)
    await late.take("tpa_connection_error", code="APP_NOT_STARTED")
    assert not phone.inbox.seen(type="app_started")


async def test_stopping_what_does_not_run_is_no_error(stage: Stage) -> None:
    ada = await stage.person()
    app = await stage.raw_app(ada)
    phone = await stage.phone(ada)

    await phone.send("stop_app", packageName=app.package_name)
    await phone.send("stop_app", packageName="com.example.nobody")

    await phone.barrier()
    assert not app.server.webhooks.history


async def test_an_operator_ends_a_session(stage: Stage) -> None:
    ada = await stage.person()
    app = await stage.raw_app(ada)
    phone = await stage.phone(ada)
    socket = await stage.start_a(phone, ada, app)

    final = await asyncio.to_thread(stage.cloud.dispose_session, ada.email, "spring cleaning")

    assert final["state"] == "DISPOSED"
    assert final["disposeReason"] == "spring cleaning"
    assert final["disposedAt"]
    await socket.take("app_stopped", reason="system_stop")
    assert await socket.closed() == Closed(1000, "User session ended")
    await app.server.webhooks.take(type="stop_request", reason="system_stop")
    assert (await phone.closed()).code == 1000
    rows = await asyncio.to_thread(stage.cloud.list_sessions, ada.email)
    assert rows == []


async def test_an_app_server_that_hangs_does_not_hold_up_the_stop(stage: Stage) -> None:
    ada = await stage.person()
    app = await stage.raw_app(ada)
    phone = await stage.phone(ada)
    socket = await stage.start_a(phone, ada, app)
    app.server.delay_seconds = 4

    await phone.send("stop_app", packageName=app.package_name)

    await phone.take("app_stopped", 2, packageName=app.package_name)
    assert await socket.closed(1) == Closed(1000, "App stopped")
