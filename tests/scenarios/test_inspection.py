"""What a developer can inspect: their own session in full, a stranger's webhooks by outcome, every frame once."""

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any

from tests.support.stage import POLL_SECONDS, Person, RawMiniApp, Stage

Rows = list[dict[str, Any]]
TEXT = {"layoutType": "text_wall", "text": "Hello inspector"}


async def kept(stage: Stage, model: str, app: RawMiniApp, holds: Callable[[Rows], bool]) -> Rows:
    """Return the rows kept of an app once they are what is waited for, oldest first."""
    deadline = time.monotonic() + 20
    apps = json.loads(await asyncio.to_thread(stage.cloud.run, "dumpdata", "apps_registry.app"))
    [app_pk] = [row["pk"] for row in apps if row["fields"]["package_name"] == app.package_name]
    while True:
        dumped = json.loads(await asyncio.to_thread(stage.cloud.run, "dumpdata", f"sessions_app.{model}"))
        rows = [row["fields"] for row in dumped if row["fields"]["app"] == app_pk]
        if holds(rows):
            return sorted(rows, key=lambda row: row["at"])
        assert time.monotonic() < deadline, f"last seen: {rows}"
        await asyncio.sleep(POLL_SECONDS)


def types(rows: Rows) -> list[tuple[str, str]]:
    return [(row["direction"], row["type"]) for row in rows]


async def play(stage: Stage, person: Person, app: RawMiniApp) -> None:
    """Start the app, have it draw and take a press, and stop it."""
    phone = await stage.phone(person)
    socket = await stage.start_a(phone, person, app)
    await socket.subscribe("button_press")
    await stage.until_subscribed(person, app.package_name, "button_press")
    await socket.send("display_event", packageName=app.package_name, view="main", layout=TEXT)
    await phone.take("display_event", layout={"text": TEXT["text"]})
    await phone.send("button_press", buttonId="main", pressType="short")
    await socket.take("data_stream", streamType="button_press")
    await phone.send("stop_app", packageName=app.package_name)
    await phone.take("app_stopped", packageName=app.package_name)


async def test_ones_own_session_is_kept_and_a_strangers_is_not(stage: Stage) -> None:
    ada, bob = await stage.person(), await stage.person("bob")
    app = await stage.raw_app(ada, bob, developer=ada)

    await play(stage, ada, app)
    await play(stage, bob, app)

    calls = await kept(stage, "webhookcall", app, lambda rows: len(rows) == 4)
    assert [(row["kind"], row["status"], row["user"] is None) for row in calls] == [
        ("session_request", 200, False),
        ("stop_request", 200, False),
        ("session_request", 200, True),
        ("stop_request", 200, True),
    ]
    start, _, strangers, _ = calls
    assert json.loads(start["request_body"])["userId"] == ada.email
    assert start["request_headers"]["X-Mentra-Signature"] == "•••"
    assert json.loads(start["response_body"]) == {"status": "success"}
    assert start["total_ms"] >= start["wait_ms"] > 0
    personal = (strangers["session_id"], strangers["url"], strangers["request_body"], strangers["detail"])
    assert personal == ("", "", "", "")
    assert strangers["total_ms"] > 0

    messages = await kept(
        stage, "socketmessage", app, lambda rows: any(row["type"] == "socket_closed" for row in rows)
    )
    assert {row["user"] for row in messages} == {start["user"]}
    # What the glasses report by themselves comes when it comes.
    expected = [
        ("note", "socket_opened"),
        ("in", "tpa_connection_init"),
        ("out", "tpa_connection_ack"),
        ("in", "subscription_update"),
        ("in", "display_event"),
        ("out", "data_stream button_press"),
        ("out", "app_stopped"),
        ("note", "socket_closed"),
    ]
    assert [each for each in types(messages) if each in expected] == expected
    everything = json.dumps([calls, messages])
    assert app.record.api_key not in everything
    assert bob.email not in everything


async def test_a_wrong_key_is_seen_with_its_code(stage: Stage) -> None:
    ada = await stage.person()
    app = await stage.raw_app(ada, developer=ada)
    phone = await stage.phone(ada)

    await phone.send("start_app", packageName=app.package_name)
    invitation = await app.invitation(ada)
    socket = await app.dial_a(invitation["websocketUrl"])
    await socket.init_a(app.session_id(ada), app.package_name, "f" * 64)
    await socket.take("tpa_connection_error", code="INVALID_API_KEY")

    messages = await kept(stage, "socketmessage", app, lambda rows: len(rows) == 2)
    assert types(messages) == [("in", "tpa_connection_init"), ("note", "handshake_refused")]
    assert messages[1]["problem"] == "INVALID_API_KEY"
    assert "f" * 64 not in json.dumps(messages)


async def test_frames_between_two_nodes_are_kept_once(cluster_stage: Stage) -> None:
    stage = cluster_stage
    ada = await stage.person()
    app = await stage.raw_app(ada, developer=ada, permissions=["MICROPHONE"])
    phone = await stage.phone(ada)

    await phone.send("start_app", packageName=app.package_name)
    socket = await app.join_at(ada, stage.cloud.node_ws_url(1), family="C")
    await socket.subscribe("audio_chunk")
    await phone.take("microphone_state_change", isMicrophoneEnabled=True)
    for _ in range(10):
        await phone.send_raw(b"\1\2" * 320)
    assert len(await socket.take_bytes(6400)) == 6400
    # The owner changes: the socket follows, and only the new owner notes what passes.
    moved = await stage.phone(ada, node=1)
    await stage.until_session(ada, "the phone moved", lambda row: row["reconnects"] == 1)
    await moved.barrier()
    await socket.send("display_event", packageName=app.package_name, view="main", layout=TEXT)
    await moved.take("display_event", layout={"text": TEXT["text"]})

    wanted = {("in", "display_event"), ("out", "audio_chunk")}
    messages = await kept(stage, "socketmessage", app, lambda rows: wanted <= set(types(rows)))
    seen = types(messages)
    for once in (("in", "tpa_connection_init"), ("out", "tpa_connection_ack"), ("in", "display_event")):
        assert seen.count(once) == 1
    sound = [json.loads(row["payload"]) for row in messages if row["type"] == "audio_chunk"]
    assert (sum(each["frames"] for each in sound), sum(each["bytes"] for each in sound)) == (10, 6400)
