"""Glasses in software stream: they say so, answer keep-alives and stop."""

import json

from sessions_app.protocol.cloud_to_glasses import (
    KeepRtmpStreamAlive,
    KeepStreamAlive,
    StartRtmpStream,
    StartStream,
    StopRtmpStream,
    StopStream,
)
from sessions_app.protocol.codec import encode
from sessions_app.simulator.film import Film
from sessions_app.simulator.hardware import Hardware
from sessions_app.simulator.output import Output

URL = "rtmp://user@live.example:1935/app/key"
START = StartStream("ada@example.com", "com.example.cam", "s1", URL, True, "2026-01-02T03:04:05.678Z")
OLD_START = StartRtmpStream("ada@example.com", "com.example.cam", "s1", URL, True, START.timestamp)


async def said(hardware: Hardware, request: object) -> list[str]:
    return [json.loads(encode(each)).get("status", "ack") for each in await hardware.answers(request)]  # type: ignore[arg-type]


async def test_a_stream_begins_lives_and_ends() -> None:
    hardware = Hardware()
    assert await said(hardware, START) == ["initializing", "active"]
    assert (hardware.film.stream_id, hardware.film.url) == ("s1", URL)
    assert await said(hardware, KeepStreamAlive("s1", "a1")) == ["ack"]
    assert await said(hardware, KeepStreamAlive("s2", "a1")) == []
    assert await said(hardware, StopStream("ada@example.com", "com.example.cam", "s1")) == ["stopped"]
    assert await said(hardware, KeepStreamAlive("s1", "a2")) == []


async def test_the_words_of_2025_mean_the_same() -> None:
    hardware = Hardware()
    assert await said(hardware, OLD_START) == ["initializing", "active"]
    assert await said(hardware, KeepRtmpStreamAlive("s1", "a1")) == ["ack"]
    assert await said(hardware, StopRtmpStream("ada@example.com", "com.example.cam", "s1")) == ["stopped"]


async def test_glasses_that_fail_or_are_silent() -> None:
    assert await said(Hardware(film=Film(error="no camera")), START) == ["error"]
    assert await said(Hardware(is_silent=True), START) == []


def test_a_person_reads_where_it_goes_without_the_key() -> None:
    lines: list[str] = []
    output = Output(lines.append, as_json=False)
    output.watch("in", encode(START))
    output.watch("in", encode(StopStream("ada@example.com", "com.example.cam", "s1")))
    assert lines == [
        "com.example.cam has the camera stream to rtmp://live.example:1935.",
        "The camera streams no more.",
    ]
