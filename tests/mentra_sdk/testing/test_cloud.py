"""The cloud in memory, as an author's test uses it."""

import pytest

from mentra_sdk import MentraSession, MiniAppServer, ToolCall
from mentra_sdk.events import ButtonPress
from mentra_sdk.layouts import TextWall
from mentra_sdk.testing import MemoryCloud
from tests.mentra_sdk.fake_cloud import API_KEY, PACKAGE, QUICK


@pytest.fixture
def parrot(app: MiniAppServer) -> MiniAppServer:
    """An app that repeats what it hears."""

    @app.on_session
    def repeat(session: MentraSession) -> None:
        session.transcription.on(lambda speech: session.display.show_text_wall(speech.text))
        session.device.on_button_press(lambda press: session.display.show_text_wall(press.button_id))
        session.display.show_text_wall("Hi there")

    return app


async def test_an_app_repeats_what_is_said(cloud: MemoryCloud, parrot: MiniAppServer) -> None:
    glasses = await cloud.start(parrot)
    await glasses.shows("Hi")
    await glasses.say("hello")
    await glasses.shows(TextWall(text="hello"))
    await glasses.press_button("camera")
    await glasses.shows(lambda drawing: drawing.text == "camera")


async def test_a_wait_in_vain_says_what_there_is_instead(cloud: MemoryCloud, parrot: MiniAppServer) -> None:
    glasses = await cloud.start(parrot)
    await glasses.shows("Hi")
    await glasses.look_up()
    with pytest.raises(AssertionError) as failure:
        await glasses.shows("bye", timeout_seconds=0.01)
    assert str(failure.value).splitlines() == [
        "the glasses did not show 'bye' within 0.01 s",
        "  shown now: 'Hi there' (text_wall of com.example.captions)",
        "  com.example.captions is running, subscribed to transcription:auto, button_press; "
        "sent in vain: head_position",
    ]


async def test_a_blip_is_mended_and_nothing_is_lost(cloud: MemoryCloud, app: MiniAppServer) -> None:
    seen: list[str] = []

    @app.on_session
    def follow(session: MentraSession) -> None:
        seen.append("session")
        session.on_disconnected(lambda event: seen.append(f"disconnected {event.code}"))
        session.on_reconnected(lambda: seen.append("reconnected"))
        session.device.on_button_press(lambda press: session.display.show_text_wall(press.button_id))

    glasses = await cloud.start(app)
    await cloud.blip(app)
    await glasses.press_button("after")
    await glasses.shows("after")
    assert seen == ["session", "disconnected 1006", "reconnected"]


async def test_apps_wait_while_the_cloud_restarts(cloud: MemoryCloud, parrot: MiniAppServer) -> None:
    glasses = await cloud.start(parrot)
    async with cloud.restarting():
        await glasses.receives("reconnect")
        assert not parrot.sessions[0].is_connected
        await glasses.say("said meanwhile")
    await glasses.say("back again")
    await glasses.shows("said meanwhile")
    await glasses.shows("back again")


async def test_a_stop_tells_the_app_its_reason_once(cloud: MemoryCloud, parrot: MiniAppServer) -> None:
    reasons: list[str] = []
    parrot.on_stop(lambda session, reason: reasons.append(reason))
    await cloud.start(parrot)
    await cloud.stop(parrot)
    assert reasons == ["user_disabled"]
    assert parrot.sessions == []


async def test_users_do_not_hear_each_other(cloud: MemoryCloud, parrot: MiniAppServer) -> None:
    ada = await cloud.start(parrot, "ada@example.com")
    bob = await cloud.start(parrot, "bob@example.com")
    await ada.say("I am Ada")
    await bob.say("I am Bob")
    await ada.shows("I am Ada")
    await bob.shows("I am Bob")
    assert not any("Bob" in drawing.text for drawing in ada.drawings)


async def test_a_stream_without_permission_is_refused(cloud: MemoryCloud, parrot: MiniAppServer) -> None:
    cloud.install(parrot, permissions=[{"type": "CAMERA", "description": "Not what it needs."}])
    refused: list[str | None] = []

    @parrot.on_session
    def listen(session: MentraSession) -> None:
        session.permissions.on_refused(lambda refusal: refused.append(refusal.permission))
        session.permissions.on_refused(lambda refusal: session.display.show_text_wall(refusal.message))
        session.transcription.on(lambda speech: session.display.show_text_wall(speech.text))

    glasses = await cloud.start(parrot)
    await glasses.shows("The app has not declared MICROPHONE")
    assert refused == ["MICROPHONE"]
    assert glasses.subscriptions == []


async def test_a_changed_setting_reaches_the_app(cloud: MemoryCloud, app: MiniAppServer) -> None:
    definitions = [
        {"type": "group", "title": "Looks"},
        {"type": "text", "key": "greeting", "defaultValue": "Hi"},
    ]
    cloud.install(app, settings=definitions)

    @app.on_session
    def greet(session: MentraSession) -> None:
        session.display.show_text_wall(session.settings.get("greeting"))
        session.settings.on_change(lambda change: session.display.show_text_wall(change.value))

    glasses = await cloud.start(app)
    await glasses.shows("Hi")
    await cloud.change_setting(app, "greeting", "Hello")
    await glasses.shows("Hello")


async def test_what_is_stored_is_there_at_the_next_session(cloud: MemoryCloud, app: MiniAppServer) -> None:
    @app.on_session
    async def count(session: MentraSession) -> None:
        visits = int(await session.storage.get("visits") or 0) + 1
        session.storage.set("visits", str(visits))
        session.display.show_text_wall(f"visit {visits}")

    for number in (1, 2):
        glasses = await cloud.start(app)
        await glasses.shows(f"visit {number}")
        await cloud.stop(app)
    assert cloud.stored[PACKAGE, "ada@example.com"] == {"visits": "2"}


async def test_an_app_with_a_secret_takes_only_signed_webhooks(cloud: MemoryCloud) -> None:
    app = MiniAppServer(package_name=PACKAGE, api_key=API_KEY, webhook_secret="secret", timing=QUICK)
    with pytest.raises(AssertionError, match="answered its start with 401"):
        await cloud.start(app)
    cloud.install(app, webhook_secret="secret", api_key=API_KEY)
    await cloud.start(app)
    assert len(app.sessions) == 1


async def test_a_wrong_key_is_refused(cloud: MemoryCloud, app: MiniAppServer) -> None:
    cloud.install(app, api_key="another")
    with pytest.raises(AssertionError, match="com.example.captions is connecting"):
        await cloud.start(app, timeout_seconds=0.1)


async def test_an_app_that_crashed_is_called_again_and_remembers_only_what_it_stored(
    cloud: MemoryCloud,
) -> None:
    told: list[str] = []

    def build() -> MiniAppServer:
        app = MiniAppServer(package_name=PACKAGE, api_key=API_KEY, timing=QUICK)

        @app.on_session
        async def count(session: MentraSession) -> None:
            session.on_stopped(told.append)
            starts = int(await session.storage.get("starts") or 0) + 1
            session.storage.set("starts", str(starts))
            session.display.show_text_wall(f"start {starts}")
            await session.storage.flush()

            def note(press: ButtonPress) -> None:
                session.storage.set("unsaved", press.button_id)
                session.display.show_text_wall("noted")

            session.device.on_button_press(note)

        return app

    first, second = build(), build()
    glasses = await cloud.start(first)
    await glasses.subscribed("button_press")
    await glasses.press_button()
    await glasses.shows("noted")
    await cloud.crash(first, restarted=second)
    await glasses.shows("start 2")
    assert (told, first.sessions, len(second.sessions)) == ([], [], 1)
    assert "unsaved" not in cloud.stored[PACKAGE, "ada@example.com"]
    await cloud.stop(second)
    assert told == ["user_disabled"]


async def test_tools_are_called_with_their_parameters(cloud: MemoryCloud, app: MiniAppServer) -> None:
    @app.on_tool_call
    async def answer(call: ToolCall) -> str:
        return f"{call.user_id} wants {call.parameters['what']}"

    assert await cloud.call_tool(app, "fetch", what="tea") == "ada@example.com wants tea"
    with pytest.raises(AssertionError, match="the tool fetch failed with"):
        await cloud.call_tool(app, "fetch")


async def test_what_went_wrong_in_the_test_itself_is_said(cloud: MemoryCloud, app: MiniAppServer) -> None:
    with pytest.raises(AssertionError, match="the app was not started for ada@example.com"):
        await cloud.stop(app)
    with pytest.raises(ValueError, match="whose app is this"):
        cloud.install("http://127.0.0.1:9")


async def test_an_app_at_an_address_is_called_there_and_may_end_first() -> None:
    app = MiniAppServer(package_name=PACKAGE, api_key=API_KEY, port=0, timing=QUICK)
    app.on_session(lambda session: session.display.show_text_wall("Hi"))
    await app.start()
    async with MemoryCloud() as cloud:
        address = f"http://127.0.0.1:{app.port}"
        cloud.install(address, package_name=PACKAGE)
        glasses = await cloud.start(address)
        await glasses.shows("Hi")
        await app.stop()
