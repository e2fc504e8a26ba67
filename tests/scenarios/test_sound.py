"""Frames arrive byte for byte, and the microphone follows what the apps asked for (streams §11)."""

import asyncio
import random

import aiohttp
import lc3

from sessions_app.audio.lc3 import PCM_BYTES
from tests.support.stage import Person, RawMiniApp, Stage
from tests.support.wire import RawApp, RawPhone

FRAME_BYTES = 640


def frames(count: int, *, sizes: tuple[int, ...] = (FRAME_BYTES,)) -> list[bytes]:
    """Return `count` frames of noise, the same in each run."""
    noise = random.Random(7)  # noqa: S311 - test data
    return [noise.randbytes(sizes[number % len(sizes)]) for number in range(count)]


async def listener(stage: Stage, *streams: str) -> tuple[Person, RawPhone, RawMiniApp, RawApp]:
    """Return a phone and a running app with MICROPHONE that subscribed to `streams`; the microphone is on."""
    ada = await stage.person()
    app = await stage.raw_app(ada, permissions=["MICROPHONE"])
    phone = await stage.phone(ada)
    socket = await stage.start_a(phone, ada, app)
    await socket.subscribe(*streams)
    await stage.until_subscribed(ada, app.package_name, *streams)
    await phone.take("microphone_state_change", isMicrophoneEnabled=True)
    return ada, phone, app, socket


async def test_a_thousand_frames_arrive_in_order_and_byte_for_byte(stage: Stage) -> None:
    _, phone, _, socket = await listener(stage, "audio_chunk")
    sent = frames(1000)

    for number, frame in enumerate(sent):
        await phone.send_raw(frame)
        if number % 50 == 49:
            await asyncio.sleep(0.02)

    assert await socket.take_bytes(1000 * FRAME_BYTES) == b"".join(sent)
    assert socket.is_open()


async def test_frames_of_odd_length_lose_no_byte_and_stay_aligned(stage: Stage) -> None:
    _, phone, _, socket = await listener(stage, "audio_chunk")
    sent = frames(40, sizes=(641, 320, 1, 643, 3200))
    whole = b"".join(sent)
    assert len(whole) % 2 == 0

    for frame in sent:
        await phone.send_raw(frame)

    assert await socket.take_bytes(len(whole)) == whole
    assert all(len(frame) % 2 == 0 and frame for frame in socket.binary)


async def test_every_listener_gets_the_sound_and_nobody_else(stage: Stage) -> None:
    ada, phone, _, first = await listener(stage, "audio_chunk")
    second_app = await stage.raw_app(ada, permissions=["MICROPHONE"])
    second = await stage.start_c(phone, ada, second_app)
    await second.subscribe("audio_chunk", "button_press")
    await stage.until_subscribed(ada, second_app.package_name, "audio_chunk", "button_press")
    deaf_app = await stage.raw_app(ada)
    deaf = await stage.start_a(phone, ada, deaf_app)
    await deaf.subscribe("audio_chunk", "button_press")
    await stage.until_subscribed(ada, deaf_app.package_name, "button_press")
    sent = frames(20)

    for frame in sent:
        await phone.send_raw(frame)
    await phone.send("button_press", buttonId="end", pressType="short")

    assert await first.take_bytes(20 * FRAME_BYTES) == b"".join(sent)
    assert await second.take_bytes(20 * FRAME_BYTES) == b"".join(sent)
    await deaf.take("data_stream", streamType="button_press")
    assert deaf.binary == []


async def test_an_empty_frame_is_never_passed_on(stage: Stage) -> None:
    _, phone, _, socket = await listener(stage, "audio_chunk")

    await phone.send_raw(b"")
    await phone.send_raw(bytes(FRAME_BYTES))

    await socket.take_bytes(FRAME_BYTES)
    assert socket.binary == [bytes(FRAME_BYTES)]


async def test_nobody_listens_so_the_microphone_is_off(stage: Stage) -> None:
    ada = await stage.person()
    phone = await stage.phone(ada)

    state = await phone.take("microphone_state_change")

    assert state["isMicrophoneEnabled"] is False
    assert state["requiredData"] == []


async def test_the_microphone_says_what_the_apps_need(stage: Stage) -> None:
    _, phone, _, socket = await listener(stage, "transcription:en-US")
    on = phone.inbox.seen(type="microphone_state_change", isMicrophoneEnabled=True)[0]
    assert on["requiredData"] == ["pcm"]
    assert on["bypassVad"] is False

    await socket.subscribe("transcription:en-US", "audio_chunk")

    raw = await phone.take("microphone_state_change", bypassVad=True)
    assert raw["isMicrophoneEnabled"] is True


async def test_the_microphone_goes_off_a_while_after_the_last_listener(stage: Stage) -> None:
    _, phone, _, socket = await listener(stage, "audio_chunk", "button_press")
    phone.inbox.forget()

    await socket.subscribe("button_press")

    await phone.inbox.none(3, type="microphone_state_change", isMicrophoneEnabled=False)
    await phone.take("microphone_state_change", 5, isMicrophoneEnabled=False)


async def test_a_blip_of_the_app_leaves_the_microphone_on(stage: Stage) -> None:
    ada, phone, app, socket = await listener(stage, "audio_chunk")

    await socket.abort()
    await stage.until_app(ada, app.package_name, "grace_period")
    again = await app.dial_a(f"{stage.cloud.ws_url}/app-ws")
    await again.init_a(app.session_id(ada), app.package_name, app.record.api_key)
    await again.take("tpa_connection_ack")
    await again.subscribe()
    await again.subscribe("audio_chunk")
    sent = frames(5)
    for frame in sent:
        await phone.send_raw(frame)

    assert await again.take_bytes(5 * FRAME_BYTES) == b"".join(sent)
    assert not phone.inbox.seen(type="microphone_state_change", isMicrophoneEnabled=False)[1:]


async def test_a_phone_that_comes_back_is_told_the_state_of_the_microphone(stage: Stage) -> None:
    ada, phone, _, _ = await listener(stage, "audio_chunk")
    await phone.abort()

    again = await stage.dial(ada.token)
    await again.take("connection_ack")

    state = await again.take("microphone_state_change", 1)
    assert state["isMicrophoneEnabled"] is True
    assert state["requiredData"] == ["pcm"]


async def test_lc3_is_heard_as_pcm(stage: Stage) -> None:
    ada, phone, _, socket = await listener(stage, "audio_chunk")
    silence = lc3.Encoder(10_000, 16_000).encode(bytes(PCM_BYTES), 40, 16)
    body = {"format": "lc3", "lc3Config": {"sampleRate": 16000, "frameDurationMs": 10, "frameSizeBytes": 40}}

    url = f"{stage.cloud.url}/api/client/audio/configure"
    headers = {"Authorization": f"Bearer {ada.token}"}

    async with aiohttp.request("POST", url, json=body, headers=headers) as answer:
        assert answer.status == 200
    await phone.send_raw(silence * 5)

    assert await socket.take_bytes(5 * PCM_BYTES) == bytes(5 * PCM_BYTES)
