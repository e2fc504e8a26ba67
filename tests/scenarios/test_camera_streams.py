"""A stream of the camera outlives its node and not its app (P-44, P-45)."""

from tests.support.stage import Person, RawMiniApp, Stage
from tests.support.wire import RawApp, RawPhone

URL = "rtmp://live.example/app/key"


async def streaming(stage: Stage, node: int) -> tuple[Person, RawPhone, RawMiniApp, RawApp, str]:
    """Return a person whose glasses stream for an app, and the stream's id."""
    ada = await stage.person()
    app = await stage.raw_app(ada, permissions=["CAMERA"])
    phone = await stage.phone(ada, glasses="Mentra Live", node=node)
    socket = await stage.start_a(phone, ada, app)
    await socket.send("rtmp_stream_request", rtmpUrl=URL)
    named: str = (await phone.take("start_stream", streamUrl=URL))["streamId"]
    await socket.take("rtmp_stream_status", status="initializing", streamId=named)
    await phone.send("stream_status", streamId=named, status="active")
    await socket.take("rtmp_stream_status", status="active", streamId=named)
    return ada, phone, app, socket, named


async def test_a_stream_goes_on_at_the_node_its_phone_comes_to(cluster_stage: Stage) -> None:
    ada, first, app, socket, named = await streaming(cluster_stage, 0)

    second = await cluster_stage.phone(ada, glasses="Mentra Live", node=1)

    await first.closed()
    asked = await second.take("keep_stream_alive", streamId=named)
    await second.send("keep_alive_ack", streamId=named, ackId=asked["ackId"])
    await cluster_stage.until_app(ada, app.package_name, "running")
    await socket.send("stream_status_check")
    checked = await socket.take("stream_status_check_response")
    assert checked["streamInfo"]["status"] == "active"
    assert not socket.inbox.untaken(type="rtmp_stream_status"), "nothing has changed for the app"

    await second.send("stop_app", packageName=app.package_name)
    await second.take("stop_stream", streamId=named)
    await second.send("stream_status", streamId=named, status="stopped")
    await cluster_stage.until_app(ada, app.package_name, "stopped")


async def test_a_phone_that_lost_the_stream_ends_it_at_its_new_node(cluster_stage: Stage) -> None:
    _, phone, _, socket, named = await streaming(cluster_stage, 0)
    await phone.send("stream_status", streamId=named, status="disconnected")
    ended = await socket.take("rtmp_stream_status", status="stopped")
    assert ended["streamId"] == named
