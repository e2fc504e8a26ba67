"""Live captions: a wearer through the wire, and the program itself."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from apps_registry.rules import read_config
from examples.live_captions.app import build_app
from tests.examples.programs import ROOT, announced, run_program, take_user
from tests.mentra_sdk.fake_cloud import API_KEY, AppSocket, FakeCloud, shut_down, transcription
from tests.support.ports import free_port

PACKAGE = "com.example.captions"
MODULE = "examples.live_captions"


def test_the_config_of_the_app_is_one_that_the_cloud_takes() -> None:
    config = json.loads((ROOT / "examples/live_captions/app_config.json").read_text())
    details, problems, unknown = read_config(config)
    assert (problems, unknown) == ([], [])
    assert [entry["key"] for entry in details["settings_definitions"]] == ["language", "lines"]


@pytest.fixture
async def wearer(fake_cloud: FakeCloud) -> AsyncIterator[AppSocket]:
    app = build_app(package_name=PACKAGE, api_key=API_KEY, port=0)
    socket = await fake_cloud.start(app)
    await socket.accept(
        settings=[{"key": "language", "value": "auto"}, {"key": "lines", "value": 4}],
        capabilities={"modelName": "x", "hasDisplay": True, "display": {"maxTextLines": 2}},
    )
    assert await shown(socket) == "Listening…"
    yield socket
    await shut_down(app)


async def layout(socket: AppSocket) -> Any:
    return (await socket.next_of("display_event"))["layout"]


async def shown(socket: AppSocket) -> Any:
    return (await layout(socket))["text"]


async def say(socket: AppSocket, name: str, text: str, *, final: bool, stream: str = "auto") -> None:
    said = transcription(text, isFinal=final, utteranceId=name)
    await socket.send_event(f"transcription:{stream}", said)


async def test_a_wearer_reads_what_is_said_on_as_many_lines_as_there_are(wearer: AppSocket) -> None:
    assert (await wearer.next_of("subscription_update"))["subscriptions"] == ["transcription:auto"]
    await say(wearer, "u-1", "turn", final=False)
    assert await shown(wearer) == "turn"
    await say(wearer, "u-1", "Turn left.", final=True)
    assert await shown(wearer) == "Turn left."
    await say(wearer, "u-2", "Then", final=False)
    assert await shown(wearer) == "Turn left.\nThen"
    await say(wearer, "u-2", "Then right.", final=True)
    assert await shown(wearer) == "Turn left.\nThen right."
    await say(wearer, "u-3", "Stop", final=False)
    assert await shown(wearer) == "Then right.\nStop"


async def test_another_language_is_listened_for_at_once(wearer: AppSocket) -> None:
    await wearer.next_of("subscription_update")
    await say(wearer, "u-1", "Hello.", final=True)
    assert await shown(wearer) == "Hello."
    chosen = [{"key": "language", "value": "de"}, {"key": "lines", "value": 4}]
    await wearer.send("settings_update", packageName=PACKAGE, settings=chosen)
    messages = [await wearer.next() for _ in range(2)]
    assert {message["type"] for message in messages} == {"subscription_update", "display_event"}
    for message in messages:
        assert message.get("subscriptions", ["transcription:de"]) == ["transcription:de"]
    await say(wearer, "u-2", "Guten Tag.", final=True, stream="de")
    assert await shown(wearer) == "Guten Tag."


async def test_a_blip_costs_no_words(wearer: AppSocket, fake_cloud: FakeCloud) -> None:
    await say(wearer, "u-1", "Turn left.", final=True)
    assert await shown(wearer) == "Turn left."
    wearer.drop()
    again = await fake_cloud.next_socket()
    await again.accept("reconnect_ack", settings=[], capabilities=None)
    while await shown(again) != "Turn left.":
        pass
    await say(again, "u-2", "Then", final=False)
    assert await shown(again) == "Turn left.\nThen"


async def test_why_there_are_no_captions_stands_on_the_glasses_until_there_are_some(
    wearer: AppSocket,
) -> None:
    await wearer.send("tpa_connection_error", code="WIFI_NOT_CONNECTED", message="Not about speech")
    await wearer.send("tpa_connection_error", code="SPEECH_UNAVAILABLE", message="No speech worker runs.")
    assert await layout(wearer) == {
        "layoutType": "reference_card",
        "title": "No captions",
        "text": "No speech worker runs.",
    }
    await say(wearer, "u-1", "Hello.", final=True)
    assert await shown(wearer) == "Hello."


async def test_quiet_glasses_go_dark(wearer: AppSocket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("examples.live_captions.app.QUIET_SECONDS", 0.01)
    await say(wearer, "u-1", "Hello.", final=True)
    assert await shown(wearer) == "Hello."
    assert (await layout(wearer))["layoutType"] == "clear_view"
    monkeypatch.undo()
    await say(wearer, "u-2", "Still there?", final=True)
    assert await shown(wearer) == "Still there?"


async def test_the_program_serves(fake_cloud: FakeCloud) -> None:
    port = free_port()
    program = await run_program(MODULE, {"PACKAGE_NAME": PACKAGE, "API_KEY": API_KEY, "PORT": str(port)})
    await announced(program)
    await take_user(fake_cloud, port)
    socket = await fake_cloud.next_socket()
    await socket.accept()
    assert await shown(socket) == "Listening…"
    program.terminate()
    assert await socket.closed() == (1000, "Client disconnect")
    await program.communicate()
    assert program.returncode == 0


async def test_the_program_names_what_is_missing() -> None:
    program = await run_program(MODULE, {})
    _, errors = await program.communicate()
    assert program.returncode == 1
    assert b"Set PACKAGE_NAME and API_KEY" in errors


def test_the_readme_names_a_sound_file_that_exists() -> None:
    readme = (ROOT / "examples/live_captions/README.md").read_text()
    named = [word.rstrip("`") for word in readme.split() if word.startswith("tests/data/")]
    assert named
    assert all(Path(ROOT / name).is_file() for name in named)
