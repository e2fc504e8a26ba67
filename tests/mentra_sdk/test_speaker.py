"""Sound of apps, against the messages of a cloud under the test's control."""

import asyncio
import math
import sys
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from mentra_sdk import RequestRefused
from mentra_sdk.capabilities.audio_stream import AudioOutputStream
from mentra_sdk.capabilities.speaker import PlayResult, VoiceSettings
from tests.mentra_sdk.fake_cloud import FakeCloud
from tests.mentra_sdk.stage import Stage, content
from tests.support.mp3 import length_of

URL = "https://sounds.test/gong.mp3"
MIB = 1024 * 1024


async def open_stream(stage: Stage, **wishes: Any) -> AudioOutputStream:
    opening = asyncio.create_task(stage.session.speaker.create_stream(**wishes))
    asked = await stage.socket.next_of("audio_stream_start")
    await stage.socket.send("audio_stream_ready", streamId=asked["streamId"], streamUrl="https://c.test/s")
    return await opening


async def fail(stage: Stage, request_id: str, error: str = "TIMEOUT: The phone did not answer") -> None:
    await stage.socket.send("audio_play_response", requestId=request_id, success=False, error=error)


async def test_sound_that_mixes_is_not_waited_for_and_its_failure_is_told(stage: Stage) -> None:
    stage.session.on_error(lambda error: stage.seen.append((error.code, error.request_id)))
    assert await stage.session.speaker.play(URL) == PlayResult()
    asked = await stage.socket.next_of("audio_play_request")
    assert content(asked) == {"audioUrl": URL, "volume": 1, "stopOtherAudio": False, "trackId": 0}
    await fail(stage, asked["requestId"])
    await stage.settle()
    assert stage.seen[0] == ("TIMEOUT", asked["requestId"])


async def test_sound_that_stops_all_other_is_waited_for(stage: Stage) -> None:
    speaker = stage.session.speaker
    playing = asyncio.create_task(speaker.play(URL, volume=0.5, track_id=1, stop_other_audio=True))
    asked = await stage.socket.next_of("audio_play_request")
    assert content(asked) == {"audioUrl": URL, "volume": 0.5, "stopOtherAudio": True, "trackId": 1}
    name = asked["requestId"]
    await stage.socket.send("audio_play_response", requestId=name, success=True, duration=2150)
    assert await playing == PlayResult(2.15)


async def test_the_end_of_a_sound_is_heard_over_a_reconnect(stage: Stage, cloud: FakeCloud) -> None:
    playing = asyncio.create_task(stage.session.speaker.play(URL, stop_other_audio=True))
    asked = await stage.socket.next_of("audio_play_request")
    await stage.reconnect(cloud)
    await stage.socket.send("audio_play_response", requestId=asked["requestId"], success=True)
    assert await playing == PlayResult()


async def test_a_sound_that_cannot_be_played_is_an_error_with_a_code(stage: Stage) -> None:
    for said, code in (("GLASSES_DISCONNECTED: away", "GLASSES_DISCONNECTED"), ("it broke", "UNKNOWN")):
        playing = asyncio.create_task(stage.session.speaker.play(URL, stop_other_audio=True))
        await fail(stage, (await stage.socket.next_of("audio_play_request"))["requestId"], said)
        with pytest.raises(RequestRefused) as refused:
            await playing
        assert refused.value.code == code


async def test_words_are_played_from_where_the_cloud_speaks_them(stage: Stage) -> None:
    settings = VoiceSettings(speed=1.2, similarity_boost=0.5)
    await stage.session.speaker.speak("Grüße & more", voice_id="v", model_id="m", voice_settings=settings)
    asked = await stage.socket.next_of("audio_play_request")
    address = urlsplit(asked.pop("audioUrl"))
    assert content(asked) == {"volume": 1, "stopOtherAudio": False, "trackId": 2}
    assert address.path == "/api/tts"
    assert parse_qs(address.query) == {
        "text": ["Grüße & more"],
        "voice_id": ["v"],
        "model_id": ["m"],
        "voice_settings": ['{"similarity_boost":0.5,"speed":1.2}'],
    }


async def test_nothing_cannot_be_played_or_spoken(stage: Stage) -> None:
    with pytest.raises(ValueError, match="address"):
        await stage.session.speaker.play("")
    with pytest.raises(ValueError, match="text"):
        await stage.session.speaker.speak("")


async def test_sound_is_stopped_on_one_track_or_on_all(stage: Stage) -> None:
    stream = await open_stream(stage)
    await stage.session.speaker.stop(2)
    assert content(await stage.socket.next_of("audio_stop_request")) == {"trackId": 2}
    assert stream.state == "streaming"
    await stage.session.speaker.stop()
    assert content(await stage.socket.next_of("audio_stop_request")) == {}
    assert stream.state == "ended"


async def test_a_stream_is_opened_played_written_and_ended_in_order(stage: Stage) -> None:
    stream = await open_stream(stage, volume=0.3)
    assert content(await stage.socket.next_of("audio_play_request")) == {
        "audioUrl": "https://c.test/s",
        "volume": 0.3,
        "stopOtherAudio": True,
        "trackId": 1,
    }
    assert stage.socket.received[-1]["requestId"] == f"stream_{stream.id}"
    assert stage.socket.received[-2]["contentType"] == "audio/mpeg"
    stream.on_state_change(stage.seen.append)
    stream.write(b"first")
    stream.write(b"")
    stream.write(b"x" * 70_000)
    await stream.end()
    stream.write(b"too late")
    frames = [await stage.socket.next_frame() for _ in range(3)]
    name = stream.id.encode()
    assert frames == [name + b"first", name + b"x" * 65_536, name + b"x" * (70_000 - 65_536)]
    ended = await stage.socket.next()
    assert (ended["type"], ended["streamId"]) == ("audio_stream_end", stream.id)
    assert stage.seen == ["ending", "ended"]


async def test_a_flushed_stream_is_silent_at_once(stage: Stage) -> None:
    stream = await open_stream(stage, track_id=2)
    stream.flush()
    await stream.end()
    kinds = [(await stage.socket.next())["type"] for _ in range(3)]
    assert kinds == ["audio_play_request", "audio_stream_end", "audio_stop_request"]
    assert stage.socket.received[-1]["trackId"] == 2
    assert stream.state == "ended"


async def test_samples_are_made_into_mp3(stage: Stage) -> None:
    pytest.importorskip("lameenc", reason="needs lameenc of requirements-speech.txt")
    stream = await open_stream(stage, format="pcm16", sample_rate=16_000)
    tone = b"".join(
        round(9_000 * math.sin(at / 4)).to_bytes(2, "little", signed=True) for at in range(16_000)
    )
    for start in range(0, len(tone), 999):
        stream.write(tone[start : start + 999])
    await stream.end()
    sound = b""
    while isinstance(frame := await stage.socket.next_frame(), bytes) or "audio_stream_end" not in frame:
        sound += frame.removeprefix(stream.id.encode()) if isinstance(frame, bytes) else b""
    assert length_of(sound) == pytest.approx(1, abs=0.15)


async def test_samples_of_an_impossible_form_are_refused(stage: Stage) -> None:
    with pytest.raises(ValueError, match="positive"):
        await stage.session.speaker.create_stream(format="pcm16", sample_rate=0)


async def test_without_an_encoder_samples_are_refused(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "lameenc", None)
    with pytest.raises(RequestRefused, match="ENCODER_MISSING") as refused:
        await stage.session.speaker.create_stream(format="pcm16")
    assert "open-glasses-sdk[sound]" in refused.value.message


async def test_an_app_has_one_stream_at_a_time(stage: Stage) -> None:
    stream = await open_stream(stage)
    with pytest.raises(RequestRefused) as refused:
        await stage.session.speaker.create_stream()
    assert refused.value.code == "AUDIO_STREAM_ALREADY_ACTIVE"
    await stream.end()
    assert (await open_stream(stage)).state == "streaming"


async def test_a_refused_stream_is_an_error_and_leaves_room_for_another(stage: Stage) -> None:
    opening = asyncio.create_task(stage.session.speaker.create_stream())
    name = (await stage.socket.next_of("audio_stream_start"))["streamId"]
    await stage.socket.send("tpa_connection_error", code="PHONE_DISCONNECTED", message="", requestId=name)
    with pytest.raises(RequestRefused, match="PHONE_DISCONNECTED"):
        await opening
    assert (await open_stream(stage)).state == "streaming"


async def test_sound_written_while_the_connection_is_away_follows_in_order(
    stage: Stage, cloud: FakeCloud
) -> None:
    stream = await open_stream(stage)
    await stage.socket.next_of("audio_play_request")
    stage.socket.drop()
    again = await cloud.next_socket()
    for number in range(3):
        stream.write(bytes([number]))
    await stream.end()
    await again.accept("reconnect_ack")
    await again.next_of("subscription_update")
    frames = [await again.next_frame() for _ in range(3)]
    assert frames == [stream.id.encode() + bytes([number]) for number in range(3)]
    assert (await again.next())["type"] == "audio_stream_end"


async def test_too_much_sound_for_an_absent_cloud_is_refused_whole(stage: Stage, cloud: FakeCloud) -> None:
    stream = await open_stream(stage)
    stage.socket.drop()
    await cloud.next_socket()
    stream.write(bytes(MIB))
    with pytest.raises(RequestRefused) as refused:
        stream.write(bytes(MIB))
    assert refused.value.code == "BUFFER_FULL"
    stream.write(bytes(MIB // 2))
    assert stream.state == "streaming"


async def test_a_stream_that_the_phone_cannot_play_says_so(stage: Stage) -> None:
    stage.session.on_error(lambda error: stage.seen.append(error.code))
    stream = await open_stream(stage)
    await fail(stage, f"stream_{stream.id}")
    await stage.settle()
    assert stream.state == "error"
    assert stage.seen[0] == "TIMEOUT"
    with pytest.raises(RequestRefused, match="TIMEOUT: The phone did not answer"):
        stream.write(b"more")
    await fail(stage, f"stream_{stream.id}", "TIMEOUT: again")
    assert (await open_stream(stage)).state == "streaming"


async def test_the_end_of_the_session_ends_a_stream(stage: Stage) -> None:
    stream = await open_stream(stage)
    over = asyncio.Event()
    stage.session.on_stopped(lambda reason: over.set())
    await stage.socket.send("app_stopped", reason="user_disabled")
    async with asyncio.timeout(5):
        await over.wait()
    assert stream.state == "ended"
