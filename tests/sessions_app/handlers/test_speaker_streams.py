"""Speaker streams between an app and its user's phone (media.md §4)."""

import asyncio
import json
from typing import Any

import msgspec
import pytest

from sessions_app.handlers.dispatch import dispatch_from_app, dispatch_from_glasses, take_sound_from_app
from sessions_app.handlers.internal import carry_out
from sessions_app.lifecycle.leaving import pack
from sessions_app.lifecycle.reconciling import phone_arrived
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.media.speaker_links import PATH
from sessions_app.outbound.commands import HandedSound, LetGoOfSound, ReadSound, Reply
from sessions_app.protocol.families import Family
from tests.support.fake_clock import FakeClock
from tests.support.runtime import RecordingLink, make_facts, make_runtime, seat_app

Session = tuple[SessionRuntime, RecordingLink, FakeClock]
ID = "8f14e45f-ceea-467f-9575-6a1c54a5f3b1"
OTHER_ID = "9f14e45f-ceea-467f-9575-6a1c54a5f3b1"


class Cast:
    """A session with an app that speaks."""

    def __init__(self, session: Session, package: str = "com.example.radio") -> None:
        self.runtime, self.phone, self.clock = session
        self.seat, self.app = seat_app(self.runtime, make_facts(package=package))

    def send(self, kind: str, **fields: Any) -> None:
        dispatch_from_app(self.runtime, self.seat, json.dumps({"type": kind, **fields}))

    def open(self, stream_id: str = ID, *, plays: bool = True) -> str:
        """Open a stream and return its token."""
        self.send("audio_stream_start", streamId=stream_id)
        url: str = self.app.of_type("audio_stream_ready")[-1]["streamUrl"]
        if plays:
            self.send(
                "audio_play_request",
                requestId=f"stream_{stream_id}",
                audioUrl=url,
                stopOtherAudio=True,
                trackId=1,
            )
        return url.split(PATH)[1]

    def write(self, data: bytes, stream_id: str = ID) -> None:
        take_sound_from_app(self.runtime, self.seat, stream_id.encode() + data)

    async def read(self, token: str, after: int = 0, reader: str = "r", most: int = 1000) -> Reply:
        return await carry_out(self.runtime, ReadSound(token, reader, after, most))

    def errors(self) -> list[str]:
        return [error["code"] for error in self.app.of_type("tpa_connection_error")]

    def failures(self) -> list[str]:
        return [answer["error"] for answer in self.app.of_type("audio_play_response")]

    def tellings(self) -> int:
        return len(self.phone.of_type("audio_play_request"))


@pytest.fixture
async def cast(session: Session) -> Cast:
    return Cast(session)


def heard(reply: Reply) -> bytes:
    assert reply.sound is not None, reply
    return reply.sound.data


async def test_sound_waits_for_its_reader_and_ends_behind_the_last_piece(cast: Cast) -> None:
    token = cast.open()
    (told,) = cast.phone.of_type("audio_play_request")
    assert (told["audioUrl"].endswith(token), told["trackId"]) == (True, 1)
    cast.write(b"one")
    cast.write(b"two", ID.upper())
    assert heard(await cast.read(token)) == b"onetwo"
    cast.send("audio_stream_end", streamId=ID.upper())
    cast.write(b"too late")
    last = await cast.read(token, 6)
    assert last.sound is not None
    assert (last.sound.data, last.sound.is_over) == (b"", True)
    assert (await cast.read(token, 6)).code == "STREAM_OVER"
    assert not cast.failures()


async def test_a_waiting_reader_gets_sound_the_moment_it_comes(cast: Cast) -> None:
    token = cast.open()
    reading = asyncio.create_task(cast.read(token))
    await asyncio.sleep(0)
    cast.write(b"now")
    assert heard(await reading) == b"now"
    reading = asyncio.create_task(cast.read(token, 3))
    await cast.clock.pass_time(1.1)
    assert heard(await reading) == b""


async def test_a_second_reader_is_refused_and_one_that_keeps_its_place_takes_nothing(cast: Cast) -> None:
    token = cast.open()
    assert (await cast.read(token, most=0)).ok
    assert (await cast.read(token, reader="other")).code == "STREAM_TAKEN"
    cast.write(b"sound")
    assert heard(await cast.read(token)) == b"sound"


@pytest.mark.parametrize(
    ("stream_id", "code"),
    [("short", "MALFORMED_MESSAGE"), (ID.upper(), "MALFORMED_MESSAGE"), (OTHER_ID, "STREAM_CONFLICT")],
)
async def test_bad_ids_and_second_streams_are_refused_with_a_code(
    cast: Cast, stream_id: str, code: str
) -> None:
    cast.open()
    cast.send("audio_stream_start", streamId=stream_id)
    (error,) = cast.app.of_type("tpa_connection_error")
    assert (error["code"], error["requestId"]) == (code, stream_id)


async def test_streams_of_several_apps_are_kept_apart(cast: Cast, session: Session) -> None:
    token = cast.open()
    thief = Cast(session, "com.example.thief")
    thief.send("audio_stream_start", streamId=ID)
    assert thief.errors() == ["MALFORMED_MESSAGE"]
    thief.write(b"not mine")
    thief.send("audio_stream_end", streamId=ID)
    thief.send("audio_stop_request")
    own = thief.open(OTHER_ID)
    cast.write(b"mine")
    assert heard(await cast.read(token)) == b"mine"
    thief.write(b"own", OTHER_ID)
    assert heard(await cast.read(own, reader="other")) == b"own"


async def test_an_app_that_was_started_anew_may_speak_at_once(cast: Cast) -> None:
    token = cast.open()
    cast.seat.link = RecordingLink()
    cast.send("audio_stream_start", streamId=OTHER_ID)
    assert cast.seat.link.of_type("audio_stream_ready")
    assert (await cast.read(token)).code == "STREAM_OVER"


async def test_a_stream_the_phone_does_not_fetch_ends_after_15_seconds(cast: Cast) -> None:
    token = cast.open()
    cast.write(b"unheard")
    cast.clock.advance(14.9)
    assert not cast.failures()
    cast.clock.advance(0.2)
    assert cast.failures() == ["TIMEOUT: The phone did not fetch the sound within 15 s"]
    assert cast.app.of_type("audio_play_response")[0]["requestId"] == f"stream_{ID}"
    assert (await cast.read(token)).code == "STREAM_OVER"


async def test_a_stream_without_sound_ends_after_a_minute(cast: Cast) -> None:
    token = cast.open()
    for _ in range(59):
        assert (await asyncio.gather(cast.read(token), cast.clock.pass_time(1)))[0].ok
    cast.write(b"x")
    position = 0
    for _ in range(59):
        reply, _ = await asyncio.gather(cast.read(token, position), cast.clock.pass_time(1))
        assert reply.sound is not None
        position = reply.sound.position
    reply, _ = await asyncio.gather(cast.read(token, position), cast.clock.pass_time(1))
    assert reply.code == "STREAM_OVER"
    assert cast.failures() == ["TIMEOUT: No sound came from the app for 60 s"]


async def test_a_phone_that_lets_go_is_told_again_and_has_ten_seconds(cast: Cast) -> None:
    token = cast.open()
    cast.write(b"one")
    assert heard(await cast.read(token)) == b"one"
    await carry_out(cast.runtime, LetGoOfSound(token, "r"))
    cast.clock.advance(2.0)
    assert cast.tellings() == 2
    cast.write(b"two")
    assert heard(await cast.read(token, reader="again")) == b"onetwo"
    await carry_out(cast.runtime, LetGoOfSound(token, "again"))
    cast.clock.advance(12.1)
    assert cast.failures() == ["TIMEOUT: The phone let go of the sound and did not come back within 10 s"]


async def test_a_reader_that_falls_silent_has_let_go(cast: Cast) -> None:
    token = cast.open()
    assert (await cast.read(token, most=0)).ok
    cast.clock.advance(3.1)
    assert cast.tellings() == 2
    assert (await cast.read(token, reader="again", most=0)).ok


async def test_a_phone_that_cannot_play_is_not_told_without_end(cast: Cast) -> None:
    token = cast.open()
    for number in range(40):
        cast.write(b"noise")
        await cast.read(token, reader=f"r{number}", most=0)
        await carry_out(cast.runtime, LetGoOfSound(token, f"r{number}"))
        cast.clock.advance(2.1)
    assert cast.tellings() == 10


async def test_a_phone_that_comes_back_is_told_what_it_does_not_fetch_any_more(cast: Cast) -> None:
    token = cast.open()
    assert (await cast.read(token, most=0)).ok
    cast.runtime.phone.link = None
    await carry_out(cast.runtime, LetGoOfSound(token, "r"))
    cast.clock.advance(5)
    assert cast.tellings() == 1
    cast.runtime.phone.link = again = RecordingLink()
    phone_arrived(cast.runtime, without_gap=False)
    assert len(again.of_type("audio_play_request")) == 1


async def test_a_phone_that_comes_back_may_replace_its_lost_request(cast: Cast) -> None:
    token = cast.open()
    waiting = asyncio.create_task(cast.read(token))
    await asyncio.sleep(0)
    phone_arrived(cast.runtime, without_gap=False)
    assert cast.tellings() == 1
    assert (await cast.read(token, reader="again", most=0)).ok
    assert (await waiting).code == "STREAM_OVER"


async def test_an_app_that_loses_its_socket_has_ten_seconds(cast: Cast) -> None:
    token = cast.open()
    cast.write(b"one")
    cast.runtime.apps.detach(cast.seat.package_name, cast.app.connection, "network")
    cast.clock.advance(9)
    assert heard(await cast.read(token)) == b"one"
    await asyncio.gather(cast.read(token, 3), cast.clock.pass_time(1.1))
    assert (await cast.read(token, 3)).code == "STREAM_OVER"


async def test_what_an_app_stops_ends_at_once_on_its_track(cast: Cast) -> None:
    token = cast.open()
    cast.write(b"unheard")
    cast.send("audio_stop_request", trackId=2)
    assert (await cast.read(token, most=0)).ok
    cast.send("audio_stop_request", trackId=1)
    assert (await cast.read(token)).code == "STREAM_OVER"


async def test_answers_of_the_phone_reach_the_app_until_a_minute_after_the_end(cast: Cast) -> None:
    token = cast.open()
    answer = json.dumps({"type": "audio_play_response", "requestId": f"stream_{ID}", "success": True})
    cast.clock.advance(14)
    await cast.read(token, most=0)
    cast.send("audio_stop_request")
    cast.clock.advance(59)
    dispatch_from_glasses(cast.runtime, answer)
    cast.clock.advance(2)
    dispatch_from_glasses(cast.runtime, answer)
    (told,) = cast.app.of_type("audio_play_response")
    assert told["success"] is True


async def test_an_absent_phone_is_named(cast: Cast) -> None:
    cast.runtime.phone.link = None
    cast.send("audio_stream_start", streamId=ID)
    cast.clock.advance(5.1)
    assert cast.errors() == ["PHONE_DISCONNECTED"]
    assert not len(cast.runtime.speaker)


async def test_a_request_to_play_that_fails_ends_its_stream(cast: Cast) -> None:
    cast.open(plays=False)
    cast.runtime.phone.link = None
    cast.send("audio_play_request", requestId=f"stream_{ID}", audioUrl="http://x/y")
    cast.clock.advance(5.1)
    assert cast.failures() == ["PHONE_DISCONNECTED: The phone is not connected"]
    assert not len(cast.runtime.speaker)


async def test_an_app_that_speaks_in_streams_is_of_family_b(session: Session) -> None:
    runtime, _, _ = session
    seat, link = seat_app(runtime, make_facts(), Family.A)
    dispatch_from_app(runtime, seat, json.dumps({"type": "audio_stream_start", "streamId": ID}))
    assert seat.family is Family.B
    assert link.of_type("audio_stream_ready")


async def test_streams_go_on_at_the_next_owner(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    token = cast.open()
    cast.write(b"onetwo")
    assert heard(await cast.read(token)) == b"onetwo"
    cast.write(b"three")
    kept, sounds = cast.runtime.speaker.snapshot(), pack(cast.runtime).sounds
    cast.runtime.close()
    assert (await cast.read(token, 6)).code == "NO_ACTIVE_SESSION"

    following = Cast(make_runtime(monkeypatch))
    following.runtime.speaker.restore(json.loads(json.dumps(kept)), sounds)
    assert (await following.read(token, reader="thief")).code == "STREAM_TAKEN"
    assert heard(await following.read(token, 6)) == b"three"
    following.write(b"four")
    assert heard(await following.read(token, 11)) == b"four"
    phone_arrived(following.runtime, without_gap=False)
    assert not following.tellings()
    await carry_out(following.runtime, LetGoOfSound(token, "r"))
    following.clock.advance(0.1)
    assert following.tellings() == 1


async def test_a_reader_that_waits_is_sent_to_the_next_owner(cast: Cast) -> None:
    token = cast.open()
    waiting = asyncio.create_task(cast.read(token))
    await asyncio.sleep(0)
    cast.runtime.close()
    assert (await waiting).code == "NO_ACTIVE_SESSION"


async def test_sound_is_handed_on_in_the_last_snapshot_too(cast: Cast) -> None:
    cast.open()
    cast.write(b"\xff\xfbsound")
    kept = json.loads(msgspec.json.encode({"sounds": pack(cast.runtime).sounds}))
    (sound,) = msgspec.convert(kept["sounds"], list[HandedSound])
    assert (sound.start, sound.data) == (0, b"\xff\xfbsound")


async def test_sound_of_an_owner_that_died_is_lost_and_what_comes_is_heard(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = cast.open()
    cast.write(b"onetwo")
    await cast.read(token)
    kept = cast.runtime.speaker.snapshot()
    following = Cast(make_runtime(monkeypatch))
    following.runtime.speaker.restore(kept, [])
    following.write(b"new")
    assert heard(await following.read(token, 6)) == b"new"
