"""What was said is there for its user and for an app that may hear, on every node, and gone with the session."""

import asyncio
from collections.abc import Callable

import aiohttp

from tests.support.stage import POLL_SECONDS, Person, RawMiniApp, Stage
from tests.support.wire import RawApp, RawPhone

STREAM = "transcription:en-US"
SECONDS = 10.0


async def read(stage: Stage, of: str, token: str, *, node: int = 0) -> list[str] | int:
    """Return the texts of a transcript, or the status of the refusal."""
    url = f"http://127.0.0.1:{stage.cloud.port + node}/api/transcripts/{of}"
    headers = {"Authorization": f"Bearer {token}"}
    async with aiohttp.request("GET", url, headers=headers) as answer:
        if answer.status != 200:
            return answer.status
        return [segment["text"] for segment in (await answer.json())["segments"]]


async def until_read(
    stage: Stage, of: str, token: str, holds: Callable[[list[str] | int], bool], *, node: int = 0
) -> list[str] | int:
    async with asyncio.timeout(SECONDS):
        while True:
            found = await read(stage, of, token, node=node)
            if holds(found):
                return found
            await asyncio.sleep(POLL_SECONDS)


async def say(phone: RawPhone, text: str) -> None:
    """Have the phone recognise final words by itself."""
    await phone.send("local_transcription", text=text, isFinal=True, transcribeLanguage="en-US")


async def listening(stage: Stage, node: int = 0) -> tuple[Person, RawPhone, RawMiniApp, RawApp]:
    ada = await stage.person()
    app = await stage.raw_app(ada, permissions=["MICROPHONE"])
    phone = await stage.phone(ada, node=node)
    await say(phone, "nobody listens yet")
    socket = await stage.start_a(phone, ada, app)
    await socket.subscribe(STREAM)
    await stage.until_subscribed(ada, app.package_name, STREAM)
    return ada, phone, app, socket


async def test_words_are_kept_for_their_user_until_the_session_ends(stage: Stage) -> None:
    ada, phone, app, socket = await listening(stage)
    bob = await stage.person("bob")
    of = app.session_id(ada)
    await say(phone, "turn left")
    await say(phone, "then right")
    await socket.take("data_stream", data={"text": "then right"})

    both = ["turn left", "then right"]
    assert await until_read(stage, of, ada.token, bool) == both
    assert await read(stage, of, f"{app.package_name}:{app.record.api_key}") == both
    assert await read(stage, of, bob.token) == 403

    session = await stage.session(ada)
    assert session is not None
    await asyncio.to_thread(stage.cloud.dispose_session, session["id"])
    assert await until_read(stage, of, ada.token, lambda found: not found) == []
    assert await read(stage, of, f"{app.package_name}:{app.record.api_key}") == 404


async def test_words_of_the_last_second_survive_a_move_to_another_node(cluster_stage: Stage) -> None:
    ada, phone, app, socket = await listening(cluster_stage, node=0)
    await say(phone, "just before")
    await socket.take("data_stream", data={"text": "just before"})

    moved = await cluster_stage.phone(ada, node=1)
    await say(moved, "just after")

    of = app.session_id(ada)
    told = await until_read(cluster_stage, of, ada.token, lambda found: "just after" in str(found), node=2)
    assert told == ["just before", "just after"]
