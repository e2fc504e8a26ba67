"""Streams to the media server, watched by several apps (media.md §6)."""

from typing import Any

import pytest

from sessions_app.handlers.internal import carry_out
from sessions_app.lifecycle import filming as filming_parts
from sessions_app.lifecycle.opening import phone_gone
from sessions_app.lifecycle.reconciling import phone_arrived
from sessions_app.media_servers.server import MediaServerError
from sessions_app.outbound.commands import (
    AddOutput,
    AnyCommand,
    ListOutputs,
    OutputFacts,
    RemoveOutput,
    Reply,
)
from sessions_app.protocol.codes import StopReason
from sessions_app.protocol.families import Family
from tests.support.media_server import LIVE, MemoryMediaServer
from tests.support.runtime import make_runtime
from tests.support.streaming import URL, App, Filming

STATUS = "managed_stream_status"
ASK = "managed_stream_request"
STOP = "managed_stream_stop"
TUBE = "rtmp://tube.example/live/key"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> MemoryMediaServer:
    server = MemoryMediaServer()
    monkeypatch.setattr(filming_parts, "media_server", lambda: server)
    return server


@pytest.fixture
async def filming(server: MemoryMediaServer, monkeypatch: pytest.MonkeyPatch) -> Filming:
    return Filming(*make_runtime(monkeypatch))


async def asked(filming: Filming, app: App | None = None, **fields: Any) -> App:
    """Return an app whose managed stream was asked for; the glasses know of it."""
    app = app or filming.app()
    app.ask(ASK, **fields)
    await filming.clock.pass_time(0)
    return app


async def live(filming: Filming, server: MemoryMediaServer, **fields: Any) -> App:
    """Return an app whose managed stream can be watched."""
    app = await asked(filming, **fields)
    filming.report("active")
    server.state_of_all = LIVE
    await filming.clock.pass_time(2)
    return app


@pytest.mark.parametrize("family", list(Family), ids=str)
async def test_a_stream_is_active_when_it_can_be_watched(
    filming: Filming, server: MemoryMediaServer, family: Family
) -> None:
    app = await asked(filming, filming.app(family=family), quality="720p", video={"bitrate": 1_000_000})
    assert app.statuses(STATUS) == ["initializing", "preparing"]
    (start,) = filming.phone.of_type("start_stream")
    assert (start["appId"], start["streamUrl"]) == ("MANAGED_STREAM", "https://media.example/in1-key/whip")
    assert start["video"] == {"width": 1280, "height": 720, "bitrate": 1_000_000, "frameRate": 30}
    assert server.owners == [f"{filming.runtime.ref.session_id}/{start['streamId']}"]
    filming.report("active")
    await filming.clock.pass_time(3)
    assert app.statuses(STATUS) == ["initializing", "preparing"], "nothing to be seen yet"
    server.state_of_all = LIVE
    await filming.clock.pass_time(2)
    assert app.statuses(STATUS) == ["initializing", "preparing", "active"]
    told = app.last(STATUS)
    assert told["hlsUrl"] == "https://media.example/in1/hls.m3u8"
    assert told["dashUrl"] == "https://media.example/in1/dash.mpd"
    assert told["webrtcUrl"] == "https://media.example/in1/whep"
    assert "key" not in str(app.link.sent)


async def test_glasses_with_known_ways_and_old_phones_push_by_rtmp(filming: Filming) -> None:
    filming.say("glasses_connection_state", modelName="Mentra Live", status="CONNECTED")
    await asked(filming)
    assert filming.phone.of_type("start_stream")[0]["streamUrl"] == "rtmp://media.example/live/in1-key"


async def test_the_sdk_is_told_before_it_gives_up(filming: Filming) -> None:
    app = await asked(filming)
    filming.report("initializing")
    await filming.clock.pass_time(24.9)
    assert app.statuses(STATUS)[-1] == "preparing"
    await filming.clock.pass_time(0.2)
    assert app.statuses(STATUS)[-1] == "active"


async def test_a_stream_without_video_for_a_minute_is_given_up(
    filming: Filming, server: MemoryMediaServer
) -> None:
    app = await asked(filming)
    for _ in range(4):
        await filming.clock.pass_time(15.5)
        filming.report("initializing")
        filming.ack()
    assert app.statuses(STATUS) == ["initializing", "preparing", "active", "error"]
    assert "last hop: glasses" in app.last(STATUS)["message"]
    assert filming.phone.of_type("stop_stream")
    await filming.clock.pass_time(0)
    assert server.removed == ["in1"]


async def test_without_a_media_server_the_app_is_told_what_to_do(
    filming: Filming, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filming_parts, "media_server", lambda: None)
    bare = Filming(*make_runtime(monkeypatch, clock=filming.clock))
    app = await asked(bare)
    assert app.statuses(STATUS) == ["error"]
    assert app.last(STATUS)["message"].startswith("NOT_SUPPORTED: This cloud has no media server")
    assert not bare.phone.sent


@pytest.mark.parametrize(
    "fields",
    [
        {"quality": "4k"},
        {"restreamDestinations": [{"url": "https://x.example"}]},
        {"restreamDestinations": [{"url": TUBE}, {"url": TUBE}]},
        {"restreamDestinations": [{"url": f"{TUBE}{number}"} for number in range(11)]},
    ],
    ids=["quality", "scheme", "twice", "many"],
)
async def test_what_cannot_be_done_is_refused(filming: Filming, fields: dict[str, Any]) -> None:
    app = await asked(filming, **fields)
    assert app.last(STATUS)["message"].startswith("MALFORMED_MESSAGE")


async def test_a_media_server_that_fails_is_named(filming: Filming, server: MemoryMediaServer) -> None:
    server.failure = MediaServerError("UNAVAILABLE", "The media server is away")
    app = await asked(filming)
    assert app.statuses(STATUS) == ["initializing", "error"]
    assert app.last(STATUS)["message"] == "STREAM_CREATE_FAILED: The media server is away; last hop: cloud"
    assert not filming.phone.of_type("start_stream")


async def test_a_direct_stream_is_not_displaced_by_a_managed_one(filming: Filming) -> None:
    first, second = filming.app(), filming.app("second")
    first.ask("stream_request", streamUrl=URL)
    await asked(filming, second)
    assert second.statuses(STATUS) == ["error"]
    assert second.last(STATUS)["message"].startswith("STREAM_CONFLICT")
    first.ask("stream_stop")
    await asked(filming, second)
    assert second.statuses(STATUS)[1:] == ["initializing", "preparing"]
    assert first.statuses()[-1] == "stopped"


async def test_a_direct_stream_displaces_a_managed_one(filming: Filming, server: MemoryMediaServer) -> None:
    app = await live(filming, server)
    other = filming.app("other")
    other.ask("stream_request", streamUrl=URL)
    await filming.clock.pass_time(0)
    assert app.statuses(STATUS)[-1] == "stopped"
    assert server.removed == ["in1"]
    assert other.statuses() == ["initializing"]


async def test_further_apps_watch_and_the_last_one_ends_it(
    filming: Filming, server: MemoryMediaServer
) -> None:
    first = await live(filming, server)
    second = await asked(filming, filming.app("second"))
    assert second.statuses(STATUS) == ["active"]
    assert second.last(STATUS)["hlsUrl"]
    assert len(server.owners) == 1
    second.ask("stream_status_check")
    assert second.last("stream_status_check_response")["streamInfo"]["activeViewers"] == 2
    first.ask(STOP)
    assert first.statuses(STATUS)[-1] == "stopped"
    assert not filming.phone.of_type("stop_stream")
    second.ask(STOP)
    filming.report("stopped")
    await filming.clock.pass_time(0)
    assert second.statuses(STATUS) == ["active", "stopping", "stopped"]
    assert len(filming.phone.of_type("stop_stream")) == 1
    assert server.removed == ["in1"]


async def test_an_app_that_watches_nothing_may_stop_that(filming: Filming) -> None:
    app = filming.app()
    app.ask(STOP)
    assert app.statuses(STATUS) == ["stopped"]


async def test_a_viewer_that_is_stopped_leaves_and_the_owner_ends_it(
    filming: Filming, server: MemoryMediaServer
) -> None:
    owner = await live(filming, server)
    second, third = [await asked(filming, filming.app(name)) for name in ("second", "third")]
    await filming.runtime.apps.stop(second.seat.package_name, StopReason.USER_DISABLED, "")
    assert third.statuses(STATUS) == ["active"]
    await filming.runtime.apps.stop(owner.seat.package_name, StopReason.USER_DISABLED, "")
    assert third.statuses(STATUS) == ["active", "stopping"]


async def test_a_phone_that_stays_away_ends_it_and_gives_the_place_back(
    filming: Filming, server: MemoryMediaServer
) -> None:
    app = await live(filming, server)
    phone_gone(filming.runtime, filming.phone.connection, "lost")
    await filming.clock.pass_time(59)
    assert app.statuses(STATUS)[-1] == "active", "the glasses may stream on"
    await filming.clock.pass_time(2)
    assert app.statuses(STATUS)[-1] == "stopped"
    assert server.removed == ["in1"]


async def test_a_phone_that_leaves_before_the_place_is_there_fails_it(
    filming: Filming, server: MemoryMediaServer
) -> None:
    server.gate.clear()
    app = await asked(filming)
    phone_gone(filming.runtime, filming.phone.connection, "lost")
    server.gate.set()
    await filming.clock.pass_time(0)
    assert app.last(STATUS)["message"].startswith("PHONE_DISCONNECTED")
    assert server.removed == ["in1"]


async def test_a_stream_that_is_not_wanted_any_more_leaves_no_place(
    filming: Filming, server: MemoryMediaServer
) -> None:
    server.gate.clear()
    app = await asked(filming)
    app.ask(STOP)
    assert app.statuses(STATUS) == ["initializing", "stopped"]
    server.gate.set()
    await filming.clock.pass_time(0)
    assert server.removed == ["in1"]
    assert not filming.phone.of_type("start_stream")


async def test_it_is_sent_on_to_further_places(filming: Filming, server: MemoryMediaServer) -> None:
    app = await live(filming, server, restreamDestinations=[{"url": TUBE, "name": "Tube"}])
    assert [(each.url, each.name) for each in server.outputs.values()] == [(TUBE, "Tube")]
    assert filming.phone.of_type("start_stream")[0]["streamUrl"].startswith("srt://")
    assert app.last(STATUS)["outputs"] == [{"url": TUBE, "status": "active", "name": "Tube"}]
    other = await asked(filming, filming.app("other"))
    assert other.last(STATUS)["outputs"][0]["url"] == "rtmp://tube.example", "the rest is a key"


async def test_the_next_owner_looks_after_its_place(
    filming: Filming, server: MemoryMediaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    await asked(filming)
    filming.report("active")
    kept = filming.runtime.camera.snapshot()
    filming.runtime.close()
    later = Filming(*make_runtime(monkeypatch))
    app = later.app()
    later.runtime.camera.restore(kept)
    phone_arrived(later.runtime, without_gap=False)
    later.ack()
    server.state_of_all = LIVE
    await later.clock.pass_time(2)
    assert app.statuses(STATUS) == ["active"]
    app.ask(STOP)
    await later.clock.pass_time(5)
    assert server.removed == ["in1"]


async def test_a_place_that_was_being_asked_for_is_asked_for_again(
    filming: Filming, server: MemoryMediaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.gate.clear()
    await asked(filming)
    kept = filming.runtime.camera.snapshot()
    filming.runtime.close()
    later = Filming(*make_runtime(monkeypatch))
    app = later.app()
    later.runtime.camera.restore(kept)
    server.gate.set()
    await later.clock.pass_time(0)
    assert app.statuses(STATUS) == ["preparing"]
    assert len(server.removed) == len(server.inputs) == 1, "that of the owner before is given back"


async def test_the_phone_watches_for_its_own_apps(filming: Filming, server: MemoryMediaServer) -> None:
    filming.say(ASK)
    await filming.clock.pass_time(0)
    server.state_of_all = LIVE
    await filming.clock.pass_time(2)
    filming.say(STOP)
    filming.report("stopped")
    filming.say(STOP)
    told = [each["status"] for each in filming.phone.of_type("phone_managed_stream_status")]
    assert told == ["initializing", "preparing", "active", "stopping", "stopped", "stopped"]


async def carried_out(filming: Filming, command: AnyCommand) -> Reply:
    return await carry_out(filming.runtime, command)


async def test_apps_that_watch_send_it_on_while_it_runs(filming: Filming, server: MemoryMediaServer) -> None:
    app, other = await live(filming, server), filming.app("other")
    named, own, foreign = filming.stream_id, app.seat.package_name, other.seat.package_name
    refused = await carried_out(filming, AddOutput(named, foreign, TUBE))
    assert refused.code == "NOT_A_VIEWER"
    added = await carried_out(filming, AddOutput(named, own, TUBE, "Tube"))
    assert added.outputs == [OutputFacts("out1", TUBE, "Tube", "active")]
    assert (await carried_out(filming, AddOutput(named, own, TUBE))).code == "DUPLICATE_URL"
    assert (await carried_out(filming, AddOutput(named, own, "srt://x.example"))).code == "MALFORMED_MESSAGE"
    assert (await carried_out(filming, AddOutput("m-other", own, TUBE))).code == "STREAM_NOT_FOUND"
    await asked(filming, other)
    listed = await carried_out(filming, ListOutputs(named, foreign))
    assert listed.outputs == [OutputFacts("out1", "rtmp://tube.example", "Tube", "active")]
    assert (await carried_out(filming, RemoveOutput(named, foreign, "out1"))).code == "NOT_YOURS"
    assert (await carried_out(filming, RemoveOutput(named, own, "out2"))).code == "OUTPUT_NOT_FOUND"
    assert (await carried_out(filming, RemoveOutput(named, own, "out1"))).ok
    assert not server.outputs


async def test_ten_outputs_are_the_most_and_failures_are_told(
    filming: Filming, server: MemoryMediaServer
) -> None:
    app = await live(filming, server)
    named, own = filming.stream_id, app.seat.package_name
    server.failure = MediaServerError("REFUSED", "no such host")
    failed = await carried_out(filming, AddOutput(named, own, TUBE))
    assert (failed.code, failed.message) == ("MEDIA_SERVER_FAILED", "no such host")
    assert (await carried_out(filming, ListOutputs(named, own))).outputs[0].status == "error"
    server.failure = None
    for number in range(9):
        assert (await carried_out(filming, AddOutput(named, own, f"{TUBE}{number}"))).ok
    assert (await carried_out(filming, AddOutput(named, own, f"{TUBE}9"))).code == "MAX_OUTPUTS_REACHED"
    assert (await carried_out(filming, AddOutput(named, own, TUBE))).ok, (
        "it takes the place of the failed one"
    )
