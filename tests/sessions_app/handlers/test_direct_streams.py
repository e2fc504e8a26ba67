"""Streams to an address of an app's choice: each request is answered, each stream ends (media.md §5, P-44 to P-47)."""

from typing import Any

import pytest

from sessions_app.app_runs.attaching import Hello
from sessions_app.app_runs.rules import Handshake
from sessions_app.lifecycle.opening import phone_gone
from sessions_app.lifecycle.reconciling import phone_arrived
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.protocol.codes import StopReason
from sessions_app.protocol.families import Family
from tests.support.fake_clock import FakeClock
from tests.support.runtime import RecordingLink, make_runtime
from tests.support.streaming import URL, App, Filming

Session = tuple[SessionRuntime, RecordingLink, FakeClock]
A_STATUS = "rtmp_stream_status"


@pytest.fixture
def filming(session: Session) -> Filming:
    return Filming(*session)


def started(filming: Filming, app: App | None = None, **fields: Any) -> App:
    """Return an app whose stream is live."""
    app = app or filming.app()
    app.ask("stream_request", streamUrl=URL, **fields)
    filming.report("initializing")
    filming.report("active")
    return app


def come_back(filming: Filming) -> RecordingLink:
    """Have a phone take its seat again; return its link."""
    link = RecordingLink()
    filming.runtime.phone.link = filming.phone = link
    phone_arrived(filming.runtime, without_gap=False)
    return link


async def test_the_glasses_are_asked_and_the_app_hears_of_each_change(filming: Filming) -> None:
    app = filming.app()
    app.ask(
        "stream_request", streamUrl=URL, video={"width": 1280}, sound=False, stream={"durationLimit": 600}
    )
    (start,) = filming.phone.of_type("start_stream")
    assert start == {
        "type": "start_stream",
        "sessionId": filming.runtime.ref.user_id,
        "appId": "com.example.cam",
        "streamId": start["streamId"],
        "streamUrl": URL,
        "flash": True,
        "video": {"width": 1280},
        "stream": {"durationLimit": 600},
        "sound": False,
        "timestamp": start["timestamp"],
    }
    assert len(start["streamId"]) == 11
    filming.report("connecting")
    filming.report("streaming", resolvedConfig={"video": {"width": 1280}})
    filming.report("active")
    assert app.statuses() == ["initializing", "active"]
    assert app.last()["appId"] == "com.example.cam"
    assert app.last()["resolvedConfig"] == {"video": {"width": 1280}}
    assert not app.link.of_type(A_STATUS)


async def test_an_old_phone_and_an_old_sdk_use_their_own_words(filming: Filming) -> None:
    filming.say("rtmp_stream_status", status="stopped")
    app = filming.app(family=Family.A)
    app.ask("rtmp_stream_request", rtmpUrl=URL)
    (start,) = filming.phone.of_type("start_rtmp_stream")
    assert start["rtmpUrl"] == URL
    filming.say(A_STATUS, status="active")
    filming.clock.advance(15)
    assert filming.phone.of_type("keep_rtmp_stream_alive")
    app.ask("rtmp_stream_stop", streamId=start["streamId"])
    filming.say(A_STATUS, status="stopped", streamId=start["streamId"])
    assert app.statuses(A_STATUS) == ["initializing", "active", "stopping", "stopped"]
    assert filming.phone.of_type("stop_rtmp_stream")[0]["streamId"] == start["streamId"]
    assert not app.link.of_type("stream_status")


@pytest.mark.parametrize("url", ["ftp://x/y", "x", ""])
async def test_an_address_glasses_cannot_push_to_is_refused(filming: Filming, url: str) -> None:
    app = filming.app()
    app.ask("stream_request", streamUrl=url)
    assert app.last()["errorDetails"].startswith("MALFORMED_MESSAGE: streamUrl must begin with")
    assert not filming.phone.sent


async def test_an_app_without_permission_is_refused(filming: Filming) -> None:
    app = filming.app(permission="MICROPHONE")
    app.ask("stream_request", streamUrl=URL)
    assert (app.statuses(), app.last()["errorDetails"][:17]) == (["error"], "PERMISSION_DENIED")


async def test_followers_with_the_permission_hear_of_it_too(filming: Filming) -> None:
    follower = filming.app("follower", "stream_status")
    old_one = filming.app("old", "rtmp_stream_status", family=Family.A)
    stranger = filming.app("stranger", "stream_status", permission="MICROPHONE")
    quiet = filming.app("quiet")
    started(filming)
    assert follower.statuses() == ["initializing", "active"]
    assert old_one.statuses(A_STATUS) == ["initializing", "active"]
    assert not stranger.statuses()
    assert not quiet.statuses()


async def test_sdk_3_shows_by_its_subscription_that_it_is_no_sdk_2(filming: Filming) -> None:
    follower = filming.app("legacy", family=Family.A)
    follower.ask("subscription_update", subscriptions=["stream_status"])
    started(filming)
    assert follower.statuses() == ["initializing", "active"]


async def test_statistics_pass_although_the_status_is_the_same(filming: Filming) -> None:
    app = started(filming)
    for number in (1, 2):
        filming.report("active", stats={"bitrate": number, "fps": 30, "droppedFrames": 0, "duration": 1})
    assert app.statuses() == ["initializing", "active", "active", "active"]
    assert app.last()["stats"]["bitrate"] == 2


async def test_the_failure_of_the_glasses_is_passed_on(filming: Filming) -> None:
    app = started(filming)
    filming.report("reconnect_failed", errorDetails="no route")
    assert (app.statuses()[-1], app.last()["errorDetails"]) == ("error", "no route")
    filming.report("active")
    assert app.statuses()[-1] == "error"


async def test_a_stream_that_is_acked_goes_on_and_one_that_is_not_ends(filming: Filming) -> None:
    app = started(filming)
    filming.live(300)
    assert app.statuses()[-1] == "active"
    asked = len(filming.phone.of_type("keep_stream_alive"))
    filming.clock.advance(56)
    assert (app.statuses()[-1], app.last()["errorDetails"][:7]) == ("timeout", "TIMEOUT")
    assert len(filming.phone.of_type("keep_stream_alive")) == asked + 3
    assert filming.phone.of_type("stop_stream")
    filming.clock.advance(600)
    assert len(filming.phone.of_type("keep_stream_alive")) == asked + 3


async def test_an_ack_that_comes_late_does_not_count(filming: Filming) -> None:
    app = started(filming)
    filming.clock.advance(25.5)
    filming.ack()
    filming.clock.advance(15)
    filming.ack()
    assert app.statuses()[-1] == "active"
    filming.clock.advance(15)
    assert app.statuses()[-1] == "timeout"


async def test_glasses_that_never_begin_are_given_up(filming: Filming) -> None:
    app = filming.app()
    app.ask("stream_request", streamUrl=URL)
    filming.report("initializing")
    filming.live(59)
    assert app.statuses() == ["initializing"]
    filming.live(2)
    assert app.statuses() == ["initializing", "timeout"]


async def test_a_stream_ends_when_it_was_live_for_as_long_as_it_may_be(filming: Filming) -> None:
    app = filming.app()
    app.ask("stream_request", streamUrl=URL, stream={"durationLimit": 30})
    filming.live(20)
    filming.report("active")
    filming.live(29)
    assert app.statuses()[-1] == "active"
    filming.live(2)
    assert app.statuses()[-1] == "stopping"
    assert "duration" in app.last()["errorDetails"]
    filming.clock.advance(5)
    assert app.statuses()[-1] == "stopped"


async def test_glasses_that_do_not_confirm_are_waited_for_five_seconds(filming: Filming) -> None:
    app = started(filming)
    app.ask("stream_stop")
    filming.report("active")
    filming.clock.advance(4.9)
    assert app.statuses()[-1] == "stopping"
    filming.clock.advance(0.2)
    assert app.statuses()[-1] == "stopped"
    assert filming.runtime.camera.stream is None


async def test_only_its_owner_stops_a_stream(filming: Filming) -> None:
    started(filming)
    other = filming.app("other")
    other.ask("stream_stop", streamId=filming.stream_id)
    assert other.last()["errorDetails"].startswith("PERMISSION_DENIED")
    other.ask("stream_stop")
    assert other.statuses()[-1] == "stopped"
    assert filming.runtime.camera.stream is not None
    assert not filming.phone.of_type("stop_stream")


async def test_an_app_that_believes_to_stream_is_told_that_it_does_not(filming: Filming) -> None:
    app = filming.app(family=Family.A)
    app.ask("rtmp_stream_stop", streamId="s-of-yesterday")
    assert (app.statuses(A_STATUS), app.last(A_STATUS)["streamId"]) == (["stopped"], "s-of-yesterday")


async def test_a_new_stream_displaces_the_old_one(filming: Filming) -> None:
    first = started(filming)
    old = filming.stream_id
    second = filming.app("second")
    second.ask("stream_request", streamUrl="srt://live.example:9000")
    assert first.statuses() == ["initializing", "active", "stopped"]
    kinds = [each["type"] for each in filming.phone.sent if "stream" in each["type"]]
    assert kinds == ["start_stream", "stop_stream", "start_stream"]
    assert filming.phone.of_type("stop_stream")[0]["streamId"] == old
    # Whether the glasses name the stream that ended or not, the new one is not meant.
    filming.say("stream_status", status="stopped")
    filming.say("stream_status", streamId=old, status="stopped")
    filming.report("active")
    assert second.statuses() == ["initializing", "active"]
    assert first.statuses()[-1] == "stopped"


async def test_a_photo_during_a_stream_is_refused(filming: Filming) -> None:
    app = started(filming)
    app.ask("photo_request", requestId="p1")
    assert app.last("photo_response")["error"]["code"] == "CAMERA_BUSY"


async def test_any_app_of_the_user_learns_that_a_stream_runs(filming: Filming) -> None:
    owner, other = started(filming), filming.app("other")
    owner.ask("stream_status_check", requestId="q1")
    other.ask("stream_status_check")
    own, foreign = (app.last("stream_status_check_response") for app in (owner, other))
    assert own["requestId"] == "q1"
    assert own["streamInfo"]["streamUrl"] == own["streamInfo"]["rtmpUrl"] == URL
    assert (own["streamInfo"]["type"], own["streamInfo"]["status"]) == ("unmanaged", "active")
    assert foreign["hasActiveStream"] is True
    assert foreign["streamInfo"]["requestingAppId"] == "com.example.cam"
    assert foreign["streamInfo"]["streamUrl"] == "rtmp://live.example", "the rest is a key"


async def test_an_app_on_a_new_socket_is_told_right_after_the_ack(filming: Filming) -> None:
    app = started(filming)
    old = app.link
    for handshake, told in ((Handshake.RECONNECT, True), (Handshake.TRANSFER, False)):
        link = RecordingLink()
        hello = Hello(handshake, app.seat.facts, key_id=7, family=Family.C, sdk_version="")
        filming.runtime.apps.attach(app.seat.package_name, link, hello)
        statuses = link.of_type("stream_status")
        assert [each["status"] for each in statuses] == (["active"] if told else [])
        if told:
            kinds = [each["type"] for each in link.sent]
            assert kinds == ["reconnect_ack", "device_state_update", "stream_status"]
    assert old.of_type("stream_status")[-1]["status"] == "active"


async def test_an_app_that_was_away_at_the_end_learns_of_it(filming: Filming) -> None:
    app = started(filming)
    app.link.is_open = False
    filming.runtime.apps.detach(app.seat.package_name, app.link.connection, "lost")
    filming.report("reconnecting")
    filming.report("stopped")
    link = RecordingLink()
    hello = Hello(Handshake.RECONNECT, app.seat.facts, key_id=7, family=Family.C, sdk_version="")
    filming.runtime.apps.attach(app.seat.package_name, link, hello)
    assert [each["status"] for each in link.of_type("stream_status")] == ["stopped"]


async def test_a_phone_that_comes_back_and_knows_the_stream_goes_on(filming: Filming) -> None:
    app = started(filming)
    phone_gone(filming.runtime, filming.phone.connection, "lost")
    filming.clock.advance(59)
    assert app.statuses()[-1] == "reconnecting"
    link = come_back(filming)
    assert len(link.of_type("keep_stream_alive")) == 1
    filming.ack()
    assert app.statuses()[-1] == "active"
    filming.live(120)
    assert app.statuses()[-1] == "active"


async def test_a_phone_that_comes_back_without_the_stream_ends_it(filming: Filming) -> None:
    app = started(filming)
    phone_gone(filming.runtime, filming.phone.connection, "lost")
    link = come_back(filming)
    filming.clock.advance(9.9)
    assert app.statuses()[-1] == "reconnecting"
    filming.clock.advance(0.2)
    assert (app.statuses()[-1], app.last()["errorDetails"][:18]) == ("stopped", "PHONE_DISCONNECTED")
    assert link.of_type("stop_stream")


async def test_a_phone_that_stays_away_ends_the_stream_and_is_told_later(filming: Filming) -> None:
    app = started(filming)
    named = filming.stream_id
    phone_gone(filming.runtime, filming.phone.connection, "lost")
    filming.clock.advance(60.1)
    assert app.statuses()[-1] == "stopped"
    link = come_back(filming)
    assert [each["streamId"] for each in link.of_type("stop_stream")] == [named]
    assert not come_back(filming).of_type("stop_stream"), "once is enough"


async def test_an_app_that_is_stopped_takes_its_stream_with_it(filming: Filming) -> None:
    app = started(filming)
    follower = filming.app("follower", "stream_status")
    app.link.is_open = False
    filming.runtime.apps.detach(app.seat.package_name, app.link.connection, "lost")
    filming.live(9)
    assert filming.runtime.camera.stream is not None, "not during its grace period"
    await filming.runtime.apps.stop(app.seat.package_name, StopReason.USER_DISABLED, "")
    assert follower.statuses()[-1] == "stopping"
    assert filming.phone.of_type("stop_stream")


async def test_the_next_owner_goes_on_with_keep_alives(
    filming: Filming, monkeypatch: pytest.MonkeyPatch
) -> None:
    started(filming)
    named, kept = filming.stream_id, filming.runtime.camera.snapshot()
    filming.runtime.close()
    runtime, phone, clock = make_runtime(monkeypatch)
    later = Filming(runtime, phone, clock)
    app = later.app()
    runtime.camera.restore(kept)
    phone_arrived(runtime, without_gap=False)
    assert phone.of_type("keep_stream_alive")[0]["streamId"] == named
    later.ack()
    assert not app.statuses(), "it knows"
    later.say("stream_status", streamId=named, status="stopped")
    assert app.statuses() == ["stopped"]


async def test_a_snapshot_nobody_can_read_is_left(filming: Filming) -> None:
    filming.runtime.camera.restore({"stream_id": "s1"})
    assert filming.runtime.camera.stream is None


async def test_a_session_that_leaves_has_no_timers_left(filming: Filming) -> None:
    app = started(filming)
    filming.runtime.camera.close()
    sent = len(filming.phone.sent)
    filming.clock.advance(1_000)
    assert len(filming.phone.sent) == sent
    assert app.statuses()[-1] == "active"


async def test_the_phone_streams_for_its_own_apps(filming: Filming) -> None:
    filming.say("stream_request", streamUrl="nowhere")
    assert filming.phone.of_type("phone_stream_status")[-1]["errorDetails"].startswith("MALFORMED_MESSAGE")
    filming.say("stream_request", streamUrl=URL)
    assert filming.phone.of_type("start_stream")[0]["appId"] == "__phone__"
    filming.report("active")
    filming.say("stream_stop")
    filming.report("stopped")
    filming.say("stream_stop")
    told = [each["status"] for each in filming.phone.of_type("phone_stream_status")]
    assert told == ["error", "initializing", "active", "stopping", "stopped", "stopped"]


async def test_a_stream_is_stored_without_its_key(filming: Filming) -> None:
    started(filming)
    writes: list[Any] = filming.runtime.upkeep.journal.writes  # type: ignore[attr-defined]
    stored = [kwargs["columns"] for name, _, kwargs in writes if name == "record_stream"]
    assert [each["state"] for each in stored] == ["requested", "initializing", "active"]
    assert stored[-1]["goes_to"] == "rtmp://live.example"
    assert "key" not in str(stored)


async def test_a_phone_that_is_away_is_waited_for_and_then_named(filming: Filming) -> None:
    app = filming.app()
    filming.runtime.phone.link = None
    app.ask("stream_request", streamUrl=URL)
    assert not app.statuses()
    filming.clock.advance(5.1)
    assert app.last()["errorDetails"].startswith("PHONE_DISCONNECTED")
