"""Drawings and the loss of a connection: what is sent late, what is shown anew."""

from mentra_sdk import MiniAppServer
from mentra_sdk.layouts import DashboardCard, TextWall
from tests.mentra_sdk.fake_cloud import AppSocket, FakeCloud
from tests.mentra_sdk.story import Story, attach


async def shown(socket: AppSocket) -> str:
    """Return the text of the next drawing."""
    return str((await socket.next_of("display_event"))["layout"]["text"])


async def test_of_the_drawings_made_while_away_only_the_newest_is_sent(
    cloud: FakeCloud, app: MiniAppServer, story: Story
) -> None:
    socket = await attach(cloud, app)
    socket.drop()
    again = await cloud.next_socket()
    session = app.sessions[0]
    for number in range(3):
        session.display.show_text_wall(str(number))
    await again.accept("reconnect_ack")
    assert await shown(again) == "2"
    session.display.show_text_wall("now")
    assert await shown(again) == "now"


async def test_what_is_kept_on_the_glasses_is_drawn_once_and_anew_when_the_connection_is_back(
    cloud: FakeCloud, app: MiniAppServer, story: Story
) -> None:
    socket = await attach(cloud, app)
    display = app.sessions[0].display
    for text in ("one", "one", "two"):
        display.keep(TextWall(text=text))
    assert [await shown(socket) for _ in range(2)] == ["one", "two"]
    socket.drop()
    again = await cloud.next_socket()
    await again.accept("reconnect_ack")
    assert await shown(again) == "two"

    display.show_text_wall("for a moment")
    display.keep(TextWall(text="two"))
    assert [await shown(again) for _ in range(2)] == ["for a moment", "two"]


async def test_dashboard_and_main_view_are_kept_beside_each_other(
    cloud: FakeCloud, app: MiniAppServer, story: Story
) -> None:
    socket = await attach(cloud, app)
    display = app.sessions[0].display
    display.keep(TextWall(text="main"))
    display.keep(DashboardCard(left_text="left", right_text="right"))
    socket.drop()
    again = await cloud.next_socket()
    display.keep(TextWall(text="newer"))
    await again.accept("reconnect_ack")
    drawings = [await again.next_of("display_event") for _ in range(2)]
    assert {drawing["view"]: drawing["layout"].get("text") for drawing in drawings} == {
        "main": "newer",
        "dashboard": None,
    }


async def test_what_was_shown_once_is_not_drawn_anew(
    cloud: FakeCloud, app: MiniAppServer, story: Story
) -> None:
    socket = await attach(cloud, app)
    session = app.sessions[0]
    session.display.keep(TextWall(text="kept"))
    session.display.show_text_wall("shown")
    assert [await shown(socket) for _ in range(2)] == ["kept", "shown"]
    socket.drop()
    again = await cloud.next_socket()
    session.on_reconnected(lambda: session.display.show_text_wall("back"))
    await again.accept("reconnect_ack")
    assert await shown(again) == "back"
