"""Sound and voices, as an app's author hears them."""

import asyncio
import tracemalloc

from tests.mentra_sdk.stage import Stage


async def test_sound_reaches_its_handler_in_order(stage: Stage) -> None:
    stage.session.mic.on_chunk(stage.seen.append)
    for number in range(5):
        await stage.socket.connection.send(bytes([number]) * 640)
    await stage.settle()
    assert stage.seen == [bytes([number]) * 640 for number in range(5)]


async def test_a_slow_sound_handler_loses_the_oldest_beyond_two_seconds(stage: Stage) -> None:
    gate = asyncio.Event()

    async def slow(chunk: bytes) -> None:
        stage.seen.append(chunk[0])
        await gate.wait()

    stage.session.mic.on_chunk(slow)
    await stage.socket.connection.send(bytes(3200))
    await stage.settle()
    for number in range(1, 26):
        await stage.socket.connection.send(bytes([number]) * 3200)
    await stage.settle()
    gate.set()
    await stage.settle()
    assert stage.seen == [0, *range(6, 26)]
    assert stage.session.mic.dropped_chunks == 5


async def test_whether_somebody_speaks_is_known_while_there_is_a_handler(stage: Stage) -> None:
    mic, gate = stage.session.mic, asyncio.Event()

    async def slow(event: object) -> None:
        await gate.wait()

    listening = mic.on_voice_activity(slow)
    for status, speaking in ((True, True), (False, False), ("TRUE", True)):
        await stage.socket.send_event("VAD", {"status": status})
        await stage.settle()
        assert mic.is_speaking is speaking
    listening.cancel()
    assert not mic.is_speaking


async def test_the_microphone_is_stopped_as_a_whole(stage: Stage) -> None:
    mic = stage.session.mic
    mic.on_voice_activity(stage.seen.append)
    active = [mic.is_active]
    mic.on_chunk(stage.seen.append)
    stage.session.device.on_button_press(stage.seen.append)
    active.append(mic.is_active)
    await stage.subscriptions()
    mic.stop()
    assert await stage.subscriptions() == ["button_press"]
    assert [*active, mic.is_active] == [False, True, False]


async def test_a_handler_that_hangs_holds_no_more_than_two_seconds_of_sound(stage: Stage) -> None:
    gate, arrived = asyncio.Event(), 0
    second, minutes = bytes(32_000), 10

    async def hang(chunk: bytes) -> None:
        nonlocal arrived
        arrived += 1
        await gate.wait()

    stage.session.mic.on_chunk(hang)
    tracemalloc.start()
    try:
        for _ in range(minutes):
            for _ in range(60):
                await stage.socket.connection.send(second)
            await stage.settle()
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak_bytes < minutes * 60 * len(second) / 4
    gate.set()
    await stage.settle()
    assert arrived == 3
    assert stage.session.mic.dropped_chunks == minutes * 60 - arrived
