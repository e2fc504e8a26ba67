"""Connections to providers: when they are open, and what survives when they break."""

from dataclasses import replace

import pytest

from sessions_app.speech.wire import RecognizerWish
from tests.sessions_app.speech.engines.conftest import Theatre
from tests.support.hosted_speech import FIN, QUICK, sound, token

NORMAL, GOING_AWAY = 1000, 1001


async def test_sound_waits_for_the_connection(theatre: Theatre) -> None:
    stage = await theatre.deepgram()
    stage.server.door.open.clear()
    pieces = [sound(0.1, value) for value in range(10)]
    stage.speak("one", *pieces)
    await stage.server.door.knocked(1)
    stage.server.door.open.set()
    socket = await stage.server.next_socket()
    await socket.until("Finalize")

    assert bytes(socket.sound) == b"".join(pieces)


async def test_only_the_newest_sound_waits(theatre: Theatre, caplog: pytest.LogCaptureFixture) -> None:
    stage = await theatre.deepgram(limits=replace(QUICK, kept=1.0))
    stage.server.door.open.clear()
    stage.speak("one", *(sound(0.1, value) for value in range(30)))
    await stage.server.door.knocked(1)
    stage.server.door.open.set()
    socket = await stage.server.next_socket()
    await socket.until("Finalize")
    await socket.results("Late.", 0.0, 1.0, is_final=True)
    await stage.listener.final("one")

    assert bytes(socket.sound) == b"".join(sound(0.1, value) for value in range(20, 30))
    assert "2.0 s of speech came too early" in caplog.text


async def test_a_provider_that_does_not_open_in_time_is_tried_again(theatre: Theatre) -> None:
    stage = await theatre.deepgram(limits=replace(QUICK, connect=0.05))
    stage.server.door.open.clear()
    stage.speak("one", sound(0.5))
    await stage.server.door.knocked(3)
    assert "did not answer in time" in str(await stage.listener.trouble())
    stage.server.door.open.set()
    while not stage.listener.count("recovered"):
        socket = await stage.server.next_socket()
        if socket.connection.close_code is None:
            await socket.until("Finalize")
            await socket.results("Yes.", 0.0, 0.5, is_final=True)
            await stage.listener.relief()

    assert (await stage.listener.final("one")).text == "Yes."


async def test_one_connection_serves_utterance_after_utterance(theatre: Theatre) -> None:
    stage = await theatre.soniox()
    stage.speak("one", sound(0.5))
    socket = await stage.server.next_socket()
    await socket.start()
    for name in ("one", "two", "three"):
        if name != "one":
            stage.speak(name, sound(0.5))
        await socket.until("finalize")
        await socket.tokens(token(name), FIN)
        assert (await stage.listener.final(name)).text == name

    assert stage.server.door.knocks == 1


async def test_a_silent_connection_is_kept_alive(theatre: Theatre) -> None:
    stage = await theatre.deepgram(keep_alive_seconds=0.02)
    stage.speak("one", sound(0.5))
    socket = await stage.server.next_socket()
    await socket.until("Finalize")
    await socket.results("Yes.", 0.0, 0.5, is_final=True)

    await socket.until("KeepAlive")
    await socket.until("KeepAlive")


async def test_it_is_kept_alive_in_its_own_words(theatre: Theatre) -> None:
    stage = await theatre.soniox(keep_alive_seconds=0.02)
    stage.recognizer.begin("one")
    socket = await stage.server.next_socket()
    await socket.start()

    await socket.until("keepalive")


async def test_a_connection_that_nobody_needs_is_closed(theatre: Theatre) -> None:
    stage = await theatre.deepgram(limits=replace(QUICK, idle=0.05))
    stage.speak("one", sound(0.5))
    socket = await stage.server.next_socket()
    await socket.until("Finalize")
    await socket.results("Yes.", 0.0, 0.5, is_final=True)
    await socket.until("CloseStream")
    assert (await socket.closed())[0] == NORMAL
    assert stage.listener.count("failed") == 0

    stage.speak("two", sound(0.5))
    again = await stage.server.next_socket()
    await again.until("Finalize")
    await again.results("No.", 0.0, 0.5, is_final=True)
    assert (await stage.listener.final("two")).text == "No."


async def test_a_provider_may_close_a_connection_that_nobody_needs(theatre: Theatre) -> None:
    stage = await theatre.deepgram()
    stage.speak("one", sound(0.5))
    socket = await stage.server.next_socket()
    await socket.until("Finalize")
    await socket.results("Yes.", 0.0, 0.5, is_final=True)
    await stage.listener.final("one")
    await socket.close(GOING_AWAY)
    stage.speak("two", sound(0.5))

    again = await stage.server.next_socket()
    await again.until("Finalize")
    assert bytes(again.sound) == sound(0.5)
    assert stage.listener.count("failed") == 0


async def test_a_broken_connection_loses_no_sound_and_no_words(theatre: Theatre) -> None:
    stage = await theatre.deepgram()
    stage.recognizer.begin("one")
    stage.recognizer.feed(sound(1.0, 1) + sound(1.0, 2))
    socket = await stage.server.next_socket()
    await socket.until_sound(2.0)
    await socket.results("First words.", 0.0, 1.0, is_final=True)
    await socket.results("sec", 1.0, 0.5)
    await stage.listener.interim("First words. sec")
    socket.drop()
    stage.recognizer.feed(sound(1.0, 3))
    stage.recognizer.end()
    again = await stage.server.next_socket()
    await again.until("Finalize")

    # What became words is not said again.
    assert bytes(again.sound) == sound(1.0, 2) + sound(1.0, 3)
    await again.results("Second words.", 0.0, 2.0, is_final=True, from_finalize=True)
    assert (await stage.listener.final("one")).text == "First words. Second words."
    assert stage.listener.count("failed") == 0


async def test_utterances_that_wait_for_their_end_are_said_again_as_well(theatre: Theatre) -> None:
    stage = await theatre.soniox()
    stage.speak("one", sound(0.5, 1))
    stage.speak("two", sound(0.5, 2))
    socket = await stage.server.next_socket()
    await socket.start()
    await socket.until_sound(1.0)
    await socket.error(503, "Cannot continue request (code 3). Please restart the request.")
    again = await stage.server.next_socket()
    await again.start()
    await again.until("finalize")
    assert bytes(again.sound) == sound(0.5, 1)
    await again.until("finalize")
    assert bytes(again.sound) == sound(0.5, 1) + sound(0.5, 2)
    await again.tokens(token("One."), FIN, token("Two."), FIN)
    await stage.listener.final("two")

    assert stage.listener.texts() == [("one", "One.", True), ("two", "Two.", True)]


async def test_a_translation_is_begun_anew_with_the_connection(theatre: Theatre) -> None:
    wish = RecognizerWish("en-US", targets=("fr-FR",))
    stage = await theatre.soniox(wish, translates_to=frozenset({"fr"}))
    stage.recognizer.begin("one")
    stage.recognizer.feed(sound(1.0))
    socket = await stage.server.next_socket()
    await socket.start()
    await socket.until_sound(1.0)
    await socket.tokens(token("Hello", translation_status="original"), final_ms=500)
    await stage.listener.interim("Hello")
    socket.drop()
    stage.recognizer.end()
    again = await stage.server.next_socket()
    await again.start()
    await again.until("finalize")
    assert bytes(again.sound) == sound(1.0)
    await again.tokens(
        token("Hello.", translation_status="original"), token("Salut.", translation_status="translation"), FIN
    )

    assert (await stage.listener.translation("one", "fr-FR")).text == "Salut."
    assert (await stage.listener.final("one")).text == "Hello."


async def test_of_a_provider_that_falls_silent_what_is_known_becomes_final(theatre: Theatre) -> None:
    stage = await theatre.deepgram(limits=replace(QUICK, final=0.1))
    stage.recognizer.begin("one")
    stage.recognizer.feed(sound(2.0))
    socket = await stage.server.next_socket()
    await socket.until_sound(2.0)
    await socket.results("Known", 0.0, 1.0, is_final=True)
    await socket.results("words", 1.0, 0.5)
    await stage.listener.interim("Known words")
    stage.recognizer.end()

    assert (await stage.listener.final("one")).text == "Known words"
    # Nobody can tell what the old connection would say next, so the next utterance gets a new one.
    stage.speak("two", sound(0.5, 2))
    again = await stage.server.next_socket()
    await again.until("Finalize")
    assert bytes(again.sound) == sound(0.5, 2)


async def test_an_utterance_of_a_provider_that_is_away_ends_in_time(theatre: Theatre) -> None:
    stage = await theatre.deepgram(limits=replace(QUICK, final=0.1, connect=30.0))
    stage.server.door.open.clear()
    stage.speak("one", sound(0.5))

    assert (await stage.listener.final("one")).text == ""
    stage.server.door.open.set()


async def test_an_old_connection_is_replaced_between_utterances(theatre: Theatre) -> None:
    stage = await theatre.deepgram(limits=replace(QUICK, renew=0.0))
    stage.speak("one", sound(0.5))
    socket = await stage.server.next_socket()
    await socket.until("Finalize")
    await socket.results("Yes.", 0.0, 0.5, is_final=True)
    await stage.listener.final("one")
    stage.speak("two", sound(0.5, 2))
    again = await stage.server.next_socket()
    await again.until("Finalize")

    assert bytes(again.sound) == sound(0.5, 2)
