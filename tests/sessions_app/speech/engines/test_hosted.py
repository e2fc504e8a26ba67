"""Hosted recognisers as engines: what they cost, what they tell, and what they let go of."""

import asyncio
import logging

import pytest

from sessions_app.speech.wire import RecognizerWish
from tests.sessions_app.speech.engines.conftest import Theatre
from tests.support.hosted_speech import KEY, sound

NORMAL = 1000


async def test_nobody_is_asked_while_nobody_speaks(theatre: Theatre) -> None:
    stage = await theatre.deepgram()
    stage.recognizer.configure(RecognizerWish("en-US", vocabulary=("Mariza",)))
    await stage.recognizer.close()

    assert stage.server.door.knocks == 0


async def test_the_key_is_in_no_log_and_no_error(theatre: Theatre, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    stage = await theatre.soniox()
    stage.server.door.refuses_with = [500]
    stage.speak("one", sound(0.5))
    socket = await stage.server.next_socket()
    await socket.start()
    await socket.error(401, f"Invalid API key: {KEY}.")
    trouble = await stage.listener.trouble()

    assert str(trouble) == "soniox answered 401: Invalid API key: …."
    assert KEY not in stage.engine.report().detail
    assert KEY not in repr(stage.engine.provider)
    assert KEY not in repr(stage.engine.provider.dialect(RecognizerWish("en-US"), ""))
    # The provider's end, in this test, logs what it got; ours must not.
    ours = [
        record.getMessage() for record in caplog.records if not record.name.startswith("websockets.server")
    ]
    assert ours
    assert KEY not in "".join(ours)


async def test_other_vocabulary_gets_a_new_connection_with_the_next_utterance(theatre: Theatre) -> None:
    stage = await theatre.deepgram()
    stage.recognizer.begin("one")
    stage.recognizer.feed(sound(0.5))
    socket = await stage.server.next_socket()
    stage.recognizer.configure(RecognizerWish("en-US", vocabulary=("Mariza",)))
    stage.recognizer.end()
    await socket.until("Finalize")
    await socket.results("Yes.", 0.0, 0.5, is_final=True)
    await stage.listener.final("one")
    stage.speak("two", sound(0.5, 2))
    again = await stage.server.next_socket()
    await again.until("Finalize")

    assert "keyterm=Mariza" in again.path
    assert bytes(again.sound) == sound(0.5, 2)
    assert (await socket.closed())[0] == NORMAL


async def test_a_target_that_nobody_wants_any_more_loses_its_connection(theatre: Theatre) -> None:
    wish = RecognizerWish("en-US", targets=("fr-FR", "es-ES"))
    stage = await theatre.soniox(wish, translates_to=frozenset({"fr", "es"}))
    stage.recognizer.begin("one")
    sockets = {}
    for _ in range(2):
        socket = await stage.server.next_socket()
        sockets[(await socket.start())["translation"]["target_language"]] = socket
    stage.recognizer.configure(RecognizerWish("en-US", targets=("fr-FR",)))

    await sockets["es"].until("")
    await sockets["es"].closed()
    assert sockets["fr"].connection.close_code is None


async def test_closing_lets_go_of_everything(theatre: Theatre) -> None:
    stage = await theatre.deepgram()
    tasks = asyncio.all_tasks()
    stage.speak("one", sound(0.5))
    socket = await stage.server.next_socket()
    await socket.until("Finalize")
    assert stage.engine.report().streams == 1
    await stage.recognizer.close()
    await stage.recognizer.close()
    await socket.closed()

    assert stage.engine.report().streams == 0
    assert stage.listener.events == []
    mine = {task for task in asyncio.all_tasks() - tasks if "hosted_line" in repr(task.get_coro())}
    assert not mine


async def test_an_engine_closes_its_recognisers(theatre: Theatre) -> None:
    stage = await theatre.deepgram()
    stage.recognizer.begin("one")
    stage.recognizer.feed(sound(0.5))
    socket = await stage.server.next_socket()
    await socket.until_sound(0.5)
    await stage.engine.close()

    await socket.until("CloseStream")
    assert stage.engine.report().streams == 0
