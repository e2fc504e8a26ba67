"""A whole performance of the simulated phone, as a person and as a script sees it."""

import asyncio
import json
import os
import wave
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from sessions_app.simulator.errors import SimulatorError
from sessions_app.simulator.keyboard import read_lines
from sessions_app.simulator.output import Output
from sessions_app.simulator.play import KEYS, Pace, Play, Script, SimulationFailed
from tests.sessions_app.simulator.fake_cloud import AT, TOKEN, FakeGlassesCloud, GlassesSocket, session_view

HELLO = "com.example.hello"
PATIENT = Pace(between_presses_seconds=0.01, reconnect_seconds=0.01, silence_seconds=0, quiet_seconds=0.2)
IMPATIENT = Pace(start_seconds=0.05, error_seconds=0.05, microphone_seconds=0.05, silence_seconds=0)


class Keyboard:
    """Types what a test says."""

    def __init__(self) -> None:
        self._lines: asyncio.Queue[str | None] = asyncio.Queue()

    def type(self, *lines: str) -> None:
        for line in lines:
            self._lines.put_nowait(line)

    async def read(self) -> AsyncIterator[str]:
        while (line := await self._lines.get()) is not None:
            yield line


class Performance:
    """A play that runs against a cloud under the test's control."""

    def __init__(self, cloud: FakeGlassesCloud) -> None:
        self.cloud = cloud
        self.lines: list[str] = []
        self.keyboard = Keyboard()
        self._task: asyncio.Task[None] | None = None

    def begin(self, script: Script, *, is_interactive: bool = False, pace: Pace = PATIENT) -> None:
        keyboard = self.keyboard.read() if is_interactive else None
        output = Output(self.lines.append, as_json=script.as_json)
        play = Play(self.cloud.address, TOKEN, script, output, keyboard=keyboard, pace=pace)
        self._task = asyncio.create_task(play.run())

    async def connected(self, *running: str) -> GlassesSocket:
        socket = await self.cloud.next_socket()
        await socket.acknowledge(*running)
        assert await socket.next_of("glasses_connection_state") == {
            "status": "CONNECTED",
            "modelName": "Simulated Glasses",
        }
        return socket

    async def end(self) -> None:
        assert self._task is not None
        async with asyncio.timeout(5):
            await self._task

    async def cancel(self) -> None:
        assert self._task is not None
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


@pytest.fixture
async def performance(glasses_cloud: FakeGlassesCloud) -> AsyncIterator[Performance]:
    made = Performance(glasses_cloud)
    yield made
    await made.cancel()


async def test_it_starts_the_app_presses_and_shows_what_the_glasses_show(performance: Performance) -> None:
    script = Script(packages=(HELLO,), presses=("main", "camera:long"), duration_seconds=0.1)
    performance.begin(script)
    socket = await performance.connected()
    assert await socket.next_of("start_app") == {"packageName": HELLO}
    await socket.send("app_started", packageName=HELLO, timestamp=AT)
    await socket.set_microphone(True)
    await socket.set_microphone(True)
    await socket.show("Good morning")
    assert await socket.next_of("button_press") == {"buttonId": "main", "pressType": "short"}
    assert await socket.next_of("button_press") == {"buttonId": "camera", "pressType": "long"}
    await performance.end()
    assert (await socket.closed())[0] == 1000
    shown = "\n".join(performance.lines)
    assert performance.lines[0] == "Connected as ada@example.com."
    assert performance.lines[1] == f"{HELLO} runs."
    assert shown.count("The microphone is on.") == 1
    assert "│ Good morning " in shown


async def test_an_app_that_runs_already_is_not_started_again(performance: Performance) -> None:
    performance.begin(Script(packages=(HELLO,), duration_seconds=0))
    socket = await performance.connected(HELLO)
    await performance.end()
    with pytest.raises(Exception, match="1000"):
        await socket.next_of("start_app")


async def test_the_list_of_running_apps_counts_as_a_start(performance: Performance) -> None:
    performance.begin(Script(packages=(HELLO,), duration_seconds=0))
    socket = await performance.connected()
    await socket.next_of("start_app")
    for running in ((), ("com.example.other",), ("com.example.other", HELLO)):
        view = session_view(*running)
        await socket.send("app_state_change", sessionId="s", timestamp=AT, userSession=view)
    await performance.end()


async def test_an_app_that_fails_to_start_ends_the_play_with_the_cause(performance: Performance) -> None:
    performance.begin(Script(packages=(HELLO,)))
    socket = await performance.connected()
    await socket.next_of("start_app")
    await socket.send("app_stopped", packageName=HELLO, timestamp=AT)
    await socket.send("app_state_change", sessionId="s", timestamp=AT, error="Its server refused the webhook")
    with pytest.raises(SimulationFailed, match=f"{HELLO} did not start. Its server refused the webhook"):
        await performance.end()


async def test_a_failed_start_without_a_cause_says_what_to_check(performance: Performance) -> None:
    performance.begin(Script(packages=(HELLO,)), pace=Pace(error_seconds=0.05))
    socket = await performance.connected()
    await socket.next_of("start_app")
    await socket.send("app_stopped", packageName=HELLO, timestamp=AT)
    with pytest.raises(SimulationFailed, match="Is it installed for this user, and does its server run?"):
        await performance.end()


async def test_an_app_that_never_starts_ends_the_play(performance: Performance) -> None:
    performance.begin(Script(packages=(HELLO,)), pace=IMPATIENT)
    await performance.connected()
    with pytest.raises(SimulationFailed, match="did not start within"):
        await performance.end()


async def test_a_refused_phone_ends_the_play(performance: Performance) -> None:
    performance.begin(Script())
    socket = await performance.cloud.next_socket()
    await socket.send("connection_error", message="Invalid core token", timestamp=AT)
    with pytest.raises(SimulatorError, match="The cloud refused the phone: Invalid core token"):
        await performance.end()


async def test_a_script_reads_every_message_as_json(performance: Performance) -> None:
    performance.begin(Script(presses=("main",), duration_seconds=0.05, as_json=True))
    socket = await performance.connected()
    await socket.show("Hi")
    await socket.send("from_the_future")
    await socket.next_of("button_press")
    await performance.end()
    lines: list[dict[str, Any]] = [json.loads(line) for line in performance.lines]
    assert {tuple(line) for line in lines} == {("direction", "at", "message")}
    seen = [(line["direction"], line["message"]["type"]) for line in lines]
    assert seen[0] == ("in", "connection_ack")
    assert ("out", "glasses_connection_state") in seen
    assert ("out", "button_press") in seen
    assert {("in", "display_event"), ("in", "from_the_future")} < set(seen)


@pytest.fixture
def wav(tmp_path: Path) -> Path:
    path = tmp_path / "a.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes(bytes(640))
    return path


async def test_sound_waits_for_the_microphone(performance: Performance, wav: Path) -> None:
    performance.begin(Script(wav=wav, duration_seconds=0))
    socket = await performance.connected()
    await socket.set_microphone(True)
    assert await socket.next_of("VAD") == {"status": True}
    assert await socket.next_frame() == bytes(640)
    assert await socket.next_of("VAD") == {"status": False}
    await performance.end()
    assert not any("No app listens" in line for line in performance.lines)


async def test_sound_nobody_waits_for_is_sent_all_the_same(performance: Performance, wav: Path) -> None:
    performance.begin(Script(wav=wav, duration_seconds=0), pace=IMPATIENT)
    socket = await performance.connected()
    await socket.next_of("VAD")
    await performance.end()
    assert any("No app listens to the microphone" in line for line in performance.lines)


async def test_silence_follows_the_sound(performance: Performance, wav: Path) -> None:
    performance.begin(Script(wav=wav, duration_seconds=0), pace=Pace(silence_seconds=0.06))
    socket = await performance.connected()
    await socket.set_microphone(True)
    await socket.next_of("VAD")
    assert [await socket.next_frame() for _ in range(4)] == 4 * [bytes(640)]
    assert await socket.next_of("VAD") == {"status": False}
    await performance.end()


async def test_a_play_may_end_when_the_last_words_were_shown(performance: Performance, wav: Path) -> None:
    performance.begin(Script(wav=wav, ends_after_sound=True))
    socket = await performance.connected()
    await socket.set_microphone(True)
    await socket.next_of("VAD")
    await socket.next_frame()
    await socket.next_of("VAD")
    for words in ("Turn", "Turn left", "Turn left."):
        await socket.show(words)
    await performance.end()
    assert "│ Turn left. " in performance.lines[-1]


async def test_a_play_does_not_wait_for_ever_for_the_last_words(performance: Performance, wav: Path) -> None:
    pace = Pace(silence_seconds=0, last_words_seconds=0.05)
    performance.begin(Script(wav=wav, ends_after_sound=True), pace=pace)
    socket = await performance.connected()
    await socket.set_microphone(True)
    await performance.end()


async def test_a_missing_sound_file_is_named_before_anything_happens(performance: Performance) -> None:
    performance.begin(Script(wav=Path("none.wav")))
    with pytest.raises(SimulatorError, match=r"none\.wav cannot be read"):
        await performance.end()
    assert performance.cloud.has_no_new_socket()


async def test_the_keyboard_acts_and_ends_the_play(performance: Performance) -> None:
    performance.begin(Script(), is_interactive=True)
    socket = await performance.connected()
    performance.keyboard.type(
        *("p", "p camera", "l", "t hello there", "n lunch", "u", "d", "o", "what", "t", "q")
    )
    acts: list[dict[str, Any]] = []
    while len(acts) < 8:
        act = await socket.next()
        acts += [act] if act["type"] != "ping" else []
    assert acts == [
        {"type": "button_press", "buttonId": "main", "pressType": "short"},
        {"type": "button_press", "buttonId": "camera", "pressType": "short"},
        {"type": "button_press", "buttonId": "main", "pressType": "long"},
        {**acts[-5], "type": "local_transcription", "text": "hello there"},
        {**acts[-4], "type": "phone_notification", "app": "Simulator", "content": "lunch"},
        {"type": "head_position", "position": "up"},
        {"type": "head_position", "position": "down"},
        {"type": "open_dashboard"},
    ]
    await performance.end()
    assert performance.lines.count(KEYS) == 3


async def test_a_lost_connection_is_opened_again(performance: Performance) -> None:
    performance.begin(Script(), is_interactive=True)
    socket = await performance.connected()
    await socket.close(1001, "Server shutting down")
    again = await performance.connected()
    performance.keyboard.type("u")
    await again.next_of("head_position")
    assert any("1001 Server shutting down" in line for line in performance.lines)


async def test_a_phone_that_is_replaced_leaves(performance: Performance) -> None:
    performance.begin(Script())
    socket = await performance.connected()
    await socket.close(1000, "Replaced by new connection")
    with pytest.raises(SimulationFailed, match="Another phone connected as this user"):
        await performance.end()


async def test_typed_lines_are_read_whole_and_one_by_one() -> None:
    reader, writer = os.pipe()
    os.write(writer, b"one\ntw")
    lines: list[str] = []
    async for line in read_lines(reader):
        lines.append(line)
        if line == "one":
            os.write(writer, "o\nthreé\n".encode())
            os.close(writer)
    os.close(reader)
    assert lines == ["one", "two", "threé"]
