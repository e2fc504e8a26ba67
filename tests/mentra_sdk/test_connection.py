"""The socket of a session: introduction, ack, loss and return, rejection, parking."""

import asyncio

import pytest

from mentra_sdk import MiniAppServer, StopReason
from mentra_sdk.dialing import Timing, is_loopback
from mentra_sdk.version import SDK_VERSION
from tests.mentra_sdk.fake_cloud import (
    API_KEY,
    PACKAGE,
    QUICK,
    SESSION,
    USER,
    FakeCloud,
    post,
    shut_down,
)
from tests.mentra_sdk.story import Story, attach


async def test_the_introduction_names_app_and_user_in_the_headers(
    cloud: FakeCloud, app: MiniAppServer
) -> None:
    socket = await cloud.start(app)
    introduction = await socket.next()
    assert introduction["type"] == "tpa_connection_init"
    assert introduction["packageName"] == PACKAGE
    assert introduction["apiKey"] == API_KEY
    assert introduction["sdkVersion"] == SDK_VERSION
    assert "sessionId" not in introduction
    assert socket.headers["x-user-id"] == USER
    assert socket.headers["x-session-id"] == SESSION
    assert socket.headers["x-package-name"] == PACKAGE
    assert socket.headers["x-api-key"] == API_KEY


async def test_the_app_starts_with_the_ack_and_then_subscribes_once(
    cloud: FakeCloud, app: MiniAppServer, story: Story
) -> None:
    socket = await cloud.start(app)
    await socket.accept()
    drawing = await socket.next()
    update = await socket.next()
    assert (drawing["type"], update["type"]) == ("display_event", "subscription_update")
    assert update["subscriptions"] == ["button_press"]
    assert update["sessionId"] == SESSION


@pytest.mark.parametrize("settings", [None, {}, []])
async def test_an_ack_without_settings_is_an_ack(
    cloud: FakeCloud, app: MiniAppServer, settings: object
) -> None:
    socket = await cloud.start(app)
    await socket.accept(settings=settings, mentraosSettings=None, capabilities=None)
    await socket.next_of("subscription_update")
    assert app.sessions[0].settings.as_dict() == {}


async def test_a_session_without_handlers_still_sends_its_empty_list(
    cloud: FakeCloud, app: MiniAppServer
) -> None:
    socket = await cloud.start(app)
    await socket.accept()
    assert (await socket.next())["subscriptions"] == []


@pytest.mark.parametrize("code", [1000, 1001, 1008, 1011])
async def test_it_comes_back_after_any_close_and_keeps_its_subscriptions(
    cloud: FakeCloud, app: MiniAppServer, story: Story, code: int
) -> None:
    socket = await attach(cloud, app)
    await socket.close(code, "bye")
    again = await cloud.next_socket()
    introduction = await again.accept("reconnect_ack")
    assert introduction["type"] == "reconnect"
    assert introduction["sessionId"] == SESSION
    assert introduction["sdkVersion"] == SDK_VERSION
    assert (await again.next())["subscriptions"] == ["button_press"]
    assert story.seen == ["session", f"disconnected {code}", "reconnected"]


async def test_it_comes_back_after_a_break_without_close_frame(
    cloud: FakeCloud, app: MiniAppServer, story: Story
) -> None:
    socket = await attach(cloud, app)
    socket.drop()
    again = await cloud.next_socket()
    await again.accept("reconnect_ack")
    await again.next_of("subscription_update")
    assert story.seen == ["session", "disconnected 1006", "reconnected"]


async def test_subscriptions_and_configuration_come_back_before_what_handlers_send(
    cloud: FakeCloud, app: MiniAppServer, story: Story
) -> None:
    socket = await attach(cloud, app)
    session = app.sessions[0]
    session.transcription.configure(vocabulary=["Mentra"])
    session.on_reconnected(lambda: session.dashboard.show_text("back"))
    await socket.next_of("transcription_config")
    socket.drop()
    again = await cloud.next_socket()
    await again.accept("reconnect_ack", sessionId="as the cloud says")
    messages = [await again.next() for _ in range(3)]
    kinds = ["subscription_update", "transcription_config", "dashboard_content_update"]
    assert [message["type"] for message in messages] == kinds
    assert {message["sessionId"] for message in messages} == {"as the cloud says"}


async def test_it_gives_up_after_the_last_try(cloud: FakeCloud, app: MiniAppServer, story: Story) -> None:
    await attach(cloud, app)
    await cloud.stop()
    await story.end()
    assert story.seen[-2:] == [f"stopped {StopReason.CONNECTION_LOST}", f"stop {StopReason.CONNECTION_LOST}"]
    assert app.sessions == []


async def test_the_tries_count_anew_after_each_ack(
    cloud: FakeCloud, app: MiniAppServer, story: Story
) -> None:
    socket = await attach(cloud, app)
    for _ in range(len(QUICK.retry_delays_seconds) + 2):
        socket.drop()
        socket = await cloud.next_socket()
        await socket.accept("reconnect_ack")
        await socket.next_of("subscription_update")
    assert not story.over.is_set()


@pytest.mark.parametrize("code", ["NOT_RUNNING", "BOOT_TIMEOUT"])
async def test_a_final_rejection_ends_the_session(
    cloud: FakeCloud, app: MiniAppServer, story: Story, code: str
) -> None:
    (await attach(cloud, app)).drop()
    again = await cloud.next_socket()
    await again.next()
    await again.send("reconnect_rejected", code=code, message="App is not running")
    await story.end()
    assert (await again.closed())[0] == 1000
    assert cloud.has_no_new_socket()


async def test_another_rejection_is_answered_with_an_init_on_the_same_socket(
    cloud: FakeCloud, app: MiniAppServer, story: Story
) -> None:
    (await attach(cloud, app)).drop()
    again = await cloud.next_socket()
    await again.next()
    await again.send("reconnect_rejected", code="NEED_INIT", message="")
    assert (await again.accept())["type"] == "tpa_connection_init"
    await again.next_of("subscription_update")
    assert story.seen[-1] == "reconnected"


async def test_a_parked_socket_sends_nothing_and_waits_for_its_ack(
    cloud: FakeCloud, app: MiniAppServer, story: Story
) -> None:
    (await attach(cloud, app)).drop()
    again = await cloud.next_socket()
    await again.next()
    await again.send("reconnect_deferred", code="BOOTING", message="wait", timeoutMs=30_000)
    session = app.sessions[0]
    session.device.on_head_position(lambda event: None)
    parked: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
    session.device.on_button_press(lambda event: parked.set_result(session.is_parked))
    await again.send_event("button_press", {"buttonId": "main"})
    assert await parked
    await again.send("reconnect_ack", sessionId=SESSION)
    assert (await again.next())["subscriptions"] == ["button_press", "head_position"]
    assert (session.is_parked, session.is_connected) == (False, True)


async def test_a_parked_socket_that_is_forgotten_is_closed_and_tried_anew(
    cloud: FakeCloud, app: MiniAppServer, story: Story
) -> None:
    (await attach(cloud, app)).drop()
    again = await cloud.next_socket()
    await again.next()
    await again.send("reconnect_deferred", code="BOOTING", timeoutMs=10)
    assert await again.closed() == (1000, "No answer in time")
    assert (await (await cloud.next_socket()).accept("reconnect_ack"))["type"] == "reconnect"


async def test_app_stopped_ends_the_session_once_and_for_all(
    cloud: FakeCloud, app: MiniAppServer, story: Story
) -> None:
    socket = await attach(cloud, app)
    await socket.send("app_stopped", reason="user_disabled", message="Stopped from the phone")
    assert await socket.closed() == (1000, "Client disconnect")
    await story.end()
    status, _ = await post(
        app, "/webhook", {"type": "stop_request", "sessionId": SESSION, "reason": "user_disabled"}
    )
    assert status == 200
    assert story.seen == ["session", "stopped user_disabled", "stop user_disabled"]
    assert cloud.has_no_new_socket()


async def test_the_stop_webhook_alone_ends_the_session_too(
    cloud: FakeCloud, app: MiniAppServer, story: Story
) -> None:
    socket = await attach(cloud, app)
    stop = {"type": "stop_request", "sessionId": SESSION, "userId": USER, "reason": "system_stop"}
    assert (await post(app, "/webhook", stop))[0] == 200
    assert story.seen == ["session", "stopped system_stop", "stop system_stop"]
    assert await socket.closed() == (1000, "Client disconnect")


async def test_a_refused_key_ends_the_connection_without_retries(
    cloud: FakeCloud, app: MiniAppServer, story: Story, caplog: pytest.LogCaptureFixture
) -> None:
    socket = await cloud.start(app)
    await socket.next()
    await socket.send("tpa_connection_error", code="INVALID_API_KEY", message="The key is not valid")
    await socket.close(1008, "INVALID_API_KEY")
    await cloud_forgets(app)
    assert cloud.has_no_new_socket()
    assert story.seen == []
    assert "INVALID_API_KEY: The key is not valid" in caplog.text


async def test_a_close_before_the_ack_that_may_pass_is_tried_again_with_an_init(
    cloud: FakeCloud, app: MiniAppServer, story: Story
) -> None:
    socket = await cloud.start(app)
    await socket.next()
    await socket.send("tpa_connection_error", code="SESSION_NOT_FOUND", message="Still booting")
    await socket.close(1013, "Try later")
    assert (await (await cloud.next_socket()).accept())["type"] == "tpa_connection_init"


async def test_a_start_webhook_makes_a_waiting_session_try_at_once(cloud: FakeCloud) -> None:
    patient = Timing(retry_delays_seconds=(60,), close_seconds=0.2)
    app = MiniAppServer(package_name=PACKAGE, api_key=API_KEY, timing=patient)
    story = Story(app)
    (await attach(cloud, app)).drop()
    async with asyncio.timeout(5):
        await story.away.wait()
    again = await cloud.start(app)
    assert (await again.accept("reconnect_ack"))["type"] == "reconnect"
    await again.next_of("subscription_update")
    assert story.seen == ["session", "disconnected 1006", "reconnected"]
    await shut_down(app)


async def test_a_start_webhook_takes_a_parked_session_to_a_new_socket(
    cloud: FakeCloud, app: MiniAppServer, story: Story
) -> None:
    (await attach(cloud, app)).drop()
    parked = await cloud.next_socket()
    await parked.next()
    await parked.send("reconnect_deferred", code="BOOTING", timeoutMs=30_000)
    again = await cloud.start(app)
    assert (await parked.closed())[0] == 1000
    assert (await again.accept("reconnect_ack"))["type"] == "reconnect"
    await again.next_of("subscription_update")
    assert story.seen == ["session", "disconnected 1006", "reconnected"]


async def test_a_start_webhook_for_a_connected_session_replaces_it(
    cloud: FakeCloud, app: MiniAppServer, story: Story
) -> None:
    old = await attach(cloud, app)
    new = await cloud.start(app)
    await new.accept()
    await new.next_of("subscription_update")
    assert (await old.closed())[0] == 1000
    assert all(message["type"] != "ownership_release" for message in old.received)
    assert story.seen == ["session", "stopped replaced", "stop replaced", "session"]


async def test_a_session_that_moves_to_another_cloud_is_released_by_the_first(
    cloud: FakeCloud, app: MiniAppServer, story: Story
) -> None:
    old = await attach(cloud, app)
    async with FakeCloud() as other:
        new = await other.start(app)
        assert (await old.next_of("ownership_release"))["reason"] == "switching_clouds"
        await new.accept()
        await new.next_of("subscription_update")


async def cloud_forgets(app: MiniAppServer) -> None:
    """Wait until the app holds no socket any more, which a stop webhook does."""
    await post(app, "/webhook", {"type": "stop_request", "sessionId": SESSION})


def test_only_this_machine_is_reached_without_a_proxy() -> None:
    assert is_loopback("ws://127.0.0.1:8000/app-ws")
    assert is_loopback("ws://localhost/app-ws")
    assert is_loopback("ws://[::1]:8000/app-ws")
    assert not is_loopback("wss://cloud.example/app-ws")
