"""The decision table of the app socket, row by row, for either first message (app-socket §3)."""

import pytest

from tests.support.stage import Person, RawMiniApp, Stage
from tests.support.wire import SDK_VERSION, Closed, RawApp

WRONG_KEY = "0" * 64


def app_url(stage: Stage, path: str = "/app-ws") -> str:
    return f"{stage.cloud.ws_url}{path}"


async def refused(socket: RawApp, code: str) -> None:
    """Assert that the handshake failed with `code` and that the socket was closed 1008."""
    error = await socket.take("tpa_connection_error", code=code)
    assert error["message"]
    assert (await socket.closed()).code == 1008


async def rejected(socket: RawApp) -> None:
    """Assert that `reconnect` was turned down and that closing was left to the SDK (P-3)."""
    await socket.take("reconnect_rejected", code="NOT_RUNNING")
    await socket.send("ping")
    await socket.take("pong")
    assert socket.is_open()


async def nobody_is_on_the_way_back(socket: RawApp, session_id: str) -> None:
    """Wait out the first seconds of a node, in which it keeps a place for users of before its start (§3.2)."""
    await socket.reconnect_c(session_id)
    await socket.take("reconnect_rejected")


async def running(stage: Stage) -> tuple[Person, RawMiniApp, RawApp]:
    """Return a user with a running family A app that holds one subscription."""
    ada = await stage.person()
    app = await stage.raw_app(ada)
    phone = await stage.phone(ada)
    socket = await stage.start_a(phone, ada, app)
    await socket.subscribe("button_press")
    await stage.until_session(
        ada, "subscribed", lambda row: row["apps"][0]["subscriptions"] == ["button_press"]
    )
    return ada, app, socket


async def test_a_wrong_key_is_refused(stage: Stage) -> None:
    ada = await stage.person()
    app = await stage.raw_app(ada)
    phone = await stage.phone(ada)
    await phone.send("start_app", packageName=app.package_name)
    socket = await app.dial_a((await app.invitation(ada))["mentraOSWebsocketUrl"])

    await socket.init_a(app.session_id(ada), app.package_name, WRONG_KEY)

    await refused(socket, "INVALID_API_KEY")


@pytest.mark.parametrize("key", [None, "", "x", "ключ"])
async def test_a_key_that_is_none_is_refused(stage: Stage, key: str | None) -> None:
    ada, app, _ = await running(stage)
    socket = await app.dial_a(app_url(stage))

    await socket.send(
        "tpa_connection_init", sessionId=app.session_id(ada), packageName=app.package_name, apiKey=key
    )

    await refused(socket, "INVALID_API_KEY")


async def test_a_reconnect_with_a_wrong_key_is_refused(stage: Stage) -> None:
    ada, app, _ = await running(stage)
    socket = await RawApp.dial_c(
        app_url(stage), user_id=ada.email, package_name=app.package_name, api_key=WRONG_KEY
    )

    await socket.reconnect_c(app.session_id(ada))

    await refused(socket, "INVALID_API_KEY")


async def test_the_key_of_another_app_is_refused(stage: Stage) -> None:
    ada, app, _ = await running(stage)
    other = await stage.raw_app(ada)
    socket = await RawApp.dial_a(app_url(stage))

    await socket.init_a(app.session_id(ada), app.package_name, other.record.api_key)

    await refused(socket, "INVALID_API_KEY")


async def test_an_unknown_package_is_refused(stage: Stage) -> None:
    ada, app, _ = await running(stage)
    socket = await RawApp.dial_a(app_url(stage))

    await socket.init_a(f"{ada.email}-com.example.nobody", "com.example.nobody", app.record.api_key)

    await refused(socket, "PACKAGE_NOT_FOUND")


async def test_a_session_id_that_cannot_be_read_is_refused(stage: Stage) -> None:
    _, app, _ = await running(stage)
    socket = await RawApp.dial_a(app_url(stage))

    await socket.init_a("nonsense", app.package_name, app.record.api_key)

    await refused(socket, "SESSION_NOT_FOUND")


async def test_without_a_user_session_an_init_is_refused_and_a_reconnect_rejected(quick_stage: Stage) -> None:
    ada = await quick_stage.person()
    app = await quick_stage.raw_app(ada)
    initial = await app.dial_a(app_url(quick_stage))
    returning = await app.dial_c(ada, app_url(quick_stage))
    await nobody_is_on_the_way_back(returning, app.session_id(ada))

    await initial.init_a(app.session_id(ada), app.package_name, app.record.api_key)
    await refused(initial, "SESSION_NOT_FOUND")

    await returning.reconnect_c(app.session_id(ada))
    await rejected(returning)


async def test_an_app_that_was_never_started_is_refused(stage: Stage) -> None:
    ada = await stage.person()
    app = await stage.raw_app(ada)
    await stage.phone(ada)
    initial = await app.dial_a(app_url(stage))
    returning = await app.dial_c(ada, app_url(stage))

    await initial.init_a(app.session_id(ada), app.package_name, app.record.api_key)
    await returning.reconnect_c(app.session_id(ada))

    await refused(initial, "APP_NOT_STARTED")
    await rejected(returning)


async def test_an_app_that_was_stopped_is_refused(stage: Stage) -> None:
    ada = await stage.person()
    app = await stage.raw_app(ada)
    phone = await stage.phone(ada)
    await stage.start_a(phone, ada, app)
    await phone.send("stop_app", packageName=app.package_name)
    await phone.take("app_stopped", packageName=app.package_name)
    initial = await app.dial_a(app_url(stage))
    returning = await app.dial_c(ada, app_url(stage))

    await initial.init_a(app.session_id(ada), app.package_name, app.record.api_key)
    await returning.reconnect_c(app.session_id(ada))

    await refused(initial, "APP_NOT_STARTED")
    await rejected(returning)


@pytest.mark.parametrize("path", ["/app-ws", "/ws/miniapp"])
async def test_a_starting_app_is_acked_by_either_message_on_either_path(stage: Stage, path: str) -> None:
    ada = await stage.person()
    app = await stage.raw_app(ada)
    phone = await stage.phone(ada)
    await phone.send("start_app", packageName=app.package_name)
    await app.invitation(ada)
    socket = await app.dial_c(ada, app_url(stage, path))

    await socket.reconnect_c(app.session_id(ada))

    await socket.take("reconnect_ack", sessionId=app.session_id(ada))
    await phone.take("app_started", packageName=app.package_name)


async def test_the_ack_is_complete_and_a_full_device_state_follows(stage: Stage) -> None:
    ada = await stage.person()
    app = await stage.raw_app(ada, permissions=["MICROPHONE"])
    phone = await stage.phone(ada, glasses="Mentra Live")

    socket = await stage.start_c(phone, ada, app)

    snapshot = await socket.take("device_state_update")
    ack = socket.inbox.history[0]
    assert ack["type"] == "tpa_connection_ack"
    assert ack["sessionId"] == app.session_id(ada)
    assert ack["settings"] == []
    assert ack["mentraosSettings"]["metricSystemEnabled"] is False
    assert ack["mentraosSettings"]["permissions"] == {
        "location": False,
        "microphone": True,
        "camera": False,
        "notifications": False,
        "calendar": False,
    }
    assert ack["capabilities"]["modelName"] == "Mentra Live"
    assert ack["timestamp"].endswith("Z")
    assert snapshot["fullSnapshot"] is True
    assert snapshot["state"]["modelName"] == "Mentra Live"
    assert snapshot["state"]["connected"] is True


async def test_a_second_socket_takes_the_place_of_the_first(stage: Stage) -> None:
    ada, app, first = await running(stage)
    second = await app.dial_a(app_url(stage))

    await second.init_a(app.session_id(ada), app.package_name, app.record.api_key)

    ack = await second.take("tpa_connection_ack")
    assert ack["subscriptions"] == ["button_press"]
    assert await first.closed() == Closed(1000, "Replaced by new connection")
    entry = await stage.until_app(ada, app.package_name, "running")
    assert entry["subscriptions"] == ["button_press"]


async def test_an_init_in_the_grace_period_keeps_the_subscriptions(stage: Stage) -> None:
    ada, app, first = await running(stage)
    await first.abort()
    await stage.until_app(ada, app.package_name, "grace_period")
    second = await app.dial_a(app_url(stage))

    await second.init_a(app.session_id(ada), app.package_name, app.record.api_key)

    ack = await second.take("tpa_connection_ack")
    assert ack["subscriptions"] == ["button_press"]
    await stage.until_app(ada, app.package_name, "running")
    assert not app.server.webhooks.untaken(type="session_request")


async def test_a_reconnect_in_the_grace_period_keeps_the_subscriptions(stage: Stage) -> None:
    ada, app, first = await running(stage)
    await first.close(1000, "going for a moment")
    await stage.until_app(ada, app.package_name, "grace_period")
    second = await app.dial_c(ada, app_url(stage))

    await second.reconnect_c(app.session_id(ada))

    ack = await second.take("reconnect_ack")
    assert ack["subscriptions"] == ["button_press"]
    assert "mentraosSettings" in ack
    assert "settings" in ack
    await stage.until_app(ada, app.package_name, "running")


async def test_a_socket_during_resurrection_wins_over_the_webhook(quick_stage: Stage) -> None:
    ada, app, first = await running(quick_stage)
    app.server.status = 503
    await first.abort()
    await quick_stage.until_app(ada, app.package_name, "resurrecting")
    second = await app.dial_a(app_url(quick_stage))

    await second.init_a(app.session_id(ada), app.package_name, app.record.api_key)

    ack = await second.take("tpa_connection_ack")
    assert ack["subscriptions"] == ["button_press"]
    await quick_stage.until_app(ada, app.package_name, "running")


async def test_an_app_may_come_back_while_its_user_is_away(stage: Stage) -> None:
    ada = await stage.person()
    app = await stage.raw_app(ada)
    phone = await stage.phone(ada)
    first = await stage.start_c(phone, ada, app)
    await phone.abort()
    await stage.until_session(ada, "disconnected", lambda row: row["state"] == "DISCONNECTED")
    await first.abort()
    await stage.until_app(ada, app.package_name, "grace_period")
    second = await app.dial_c(ada, app_url(stage))

    await second.reconnect_c(app.session_id(ada))

    await second.take("reconnect_ack")


async def test_what_is_sent_right_behind_the_init_is_done_after_the_ack(stage: Stage) -> None:
    ada = await stage.person()
    app = await stage.raw_app(ada)
    phone = await stage.phone(ada)
    await phone.send("start_app", packageName=app.package_name)
    socket = await app.dial_c(ada, (await app.invitation(ada))["websocketUrl"])

    await socket.init_c(app.package_name, app.record.api_key)
    await socket.subscribe("button_press")
    await socket.send("display_event", view="main", layout={"layoutType": "text_wall", "text": "early"})

    await socket.take("tpa_connection_ack")
    await phone.take("display_event", packageName=app.package_name, layout={"text": "early"})
    await phone.send("button_press", buttonId="main", pressType="short")
    await socket.take("data_stream", streamType="button_press")


async def test_messages_before_the_init_are_ignored_but_a_ping_is_answered(stage: Stage) -> None:
    ada = await stage.person()
    app = await stage.raw_app(ada)
    phone = await stage.phone(ada)
    await phone.send("start_app", packageName=app.package_name)
    socket = await app.dial_c(ada, (await app.invitation(ada))["websocketUrl"])

    await socket.subscribe("button_press")
    await socket.send("ping")
    await socket.take("pong")
    await socket.init_c(app.package_name, app.record.api_key)

    ack = await socket.take("tpa_connection_ack")
    assert ack["subscriptions"] == []


async def test_a_socket_without_an_init_is_closed_after_ten_seconds(stage: Stage) -> None:
    socket = await RawApp.dial_a(app_url(stage))

    assert await socket.closed(14) == Closed(1008, "Initialization timeout")


async def test_user_ids_with_hyphens_find_their_session(stage: Stage) -> None:
    ada = await stage.person("a-d-a-com.example")
    app = await stage.raw_app(ada)
    phone = await stage.phone(ada)

    socket = await stage.start_a(phone, ada, app)

    assert socket.inbox.history[0]["sessionId"] == f"{ada.email}-{app.package_name}"


async def test_the_message_wins_over_the_headers(stage: Stage) -> None:
    ada = await stage.person()
    app = await stage.raw_app(ada)
    phone = await stage.phone(ada)
    await phone.send("start_app", packageName=app.package_name)
    await app.invitation(ada)
    socket = await RawApp.dial_c(
        app_url(stage), user_id=ada.email, package_name=app.package_name, api_key=WRONG_KEY
    )

    await socket.send(
        "tpa_connection_init",
        packageName=app.package_name,
        apiKey=app.record.api_key,
        sdkVersion=SDK_VERSION,
    )

    await socket.take("tpa_connection_ack")
    await socket.close()
