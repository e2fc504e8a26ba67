"""What an attached socket lives through: silence, pings, nonsense."""

import pytest

from mentra_sdk import MiniAppServer
from mentra_sdk.dialing import Timing
from tests.mentra_sdk.fake_cloud import API_KEY, PACKAGE, FakeCloud, shut_down
from tests.mentra_sdk.stage import Stage
from tests.mentra_sdk.story import Story, attach


async def test_silence_of_the_cloud_is_taken_for_a_broken_connection(cloud: FakeCloud) -> None:
    app = MiniAppServer(
        package_name=PACKAGE,
        api_key=API_KEY,
        timing=Timing(silence_seconds=0.1, close_seconds=0.1, retry_delays_seconds=(0.01, 0.01)),
    )
    socket = await attach(cloud, app)
    assert (await socket.closed())[1] == "No answer in time"
    await cloud.next_socket()
    await shut_down(app)


async def test_it_pings_while_attached(cloud: FakeCloud) -> None:
    app = MiniAppServer(
        package_name=PACKAGE, api_key=API_KEY, timing=Timing(ping_seconds=0.01, close_seconds=0.1)
    )
    socket = await attach(cloud, app)
    assert await socket.next() == {"type": "ping"}
    await socket.send("pong")
    await shut_down(app)
    assert (await socket.closed())[0] == 1000


async def test_nonsense_from_the_cloud_is_ignored(cloud: FakeCloud, app: MiniAppServer, story: Story) -> None:
    socket = await attach(cloud, app)
    await socket.connection.send("not json")
    await socket.connection.send('{"type":"data_stream","data":3}')
    await socket.connection.send("[1,2]")
    await socket.send("something_new", x=1)
    await socket.send_event("button_press", {"buttonId": 7})
    await socket.send_event("button_press", {"buttonId": "main"})
    app.sessions[0].display.clear()
    await socket.next_of("display_event")
    assert story.seen == ["session", "main"]


async def test_a_message_that_breaks_the_sdk_itself_is_logged_and_ends_nothing(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(values: object) -> None:
        raise KeyError("a mistake of ours")

    monkeypatch.setattr(stage.session.permissions, "update", fail)
    await stage.socket.send("settings_update", settings={"permissions": {"camera": True}})
    await stage.settle()
    assert stage.session.is_connected
    assert f"[{stage.session.session_id}] Deliveries.message raised" in caplog.text
