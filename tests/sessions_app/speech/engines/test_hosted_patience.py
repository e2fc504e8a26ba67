"""When a provider that failed is asked again, and what is told about it."""

import asyncio
from dataclasses import replace

import pytest

from sessions_app.speech.engine import EngineState
from sessions_app.speech.engines.hosted_dialect import Fault, Limits, ProviderProblem
from sessions_app.speech.engines.hosted_patience import Gate, Patience
from sessions_app.speech.wire import RecognizerWish
from tests.sessions_app.speech.engines.conftest import Theatre
from tests.support.hosted_speech import KEY, QUICK, Listener, sound, token

INTERNAL_ERROR = 1011


async def test_the_third_failure_in_a_row_is_told_once_and_so_is_the_end_of_it(
    theatre: Theatre, caplog: pytest.LogCaptureFixture
) -> None:
    stage = await theatre.deepgram()
    stage.server.door.refuses_with = [500, 502, 503, 500]
    stage.speak("one", sound(0.5))
    trouble = await stage.listener.trouble()
    assert trouble.code == "SPEECH_ENGINE_FAILED"
    assert str(trouble) == "deepgram answered 503"
    socket = await stage.server.next_socket()
    await socket.until("Finalize")
    assert bytes(socket.sound) == sound(0.5)
    await socket.results("Yes.", 0.0, 0.5, is_final=True)
    await stage.listener.final("one")
    await stage.listener.relief()

    assert stage.server.door.knocks == 5
    assert (stage.listener.count("failed"), stage.listener.count("recovered")) == (1, 1)
    assert "speech cannot be recognised: deepgram answered 503" in caplog.text


async def test_a_provider_without_room_is_asked_later(theatre: Theatre) -> None:
    stage = await theatre.deepgram()
    stage.server.door.refuses_with = [429]
    loop = asyncio.get_running_loop()
    began = loop.time()
    stage.speak("one", sound(0.5))
    socket = await stage.server.next_socket()

    assert loop.time() - began >= QUICK.busy
    await socket.until("Finalize")
    await socket.results("Yes.", 0.0, 0.5, is_final=True)
    assert (await stage.listener.final("one")).text == "Yes."
    assert stage.listener.count("failed") == 0


async def test_a_refused_key_is_not_tried_again_by_anybody(theatre: Theatre) -> None:
    stage = await theatre.deepgram()
    stage.server.door.refuses_with = [401, 401, 401]
    other = stage.engine.open(RecognizerWish("de-DE"), listener := Listener())
    stage.speak("one", sound(0.5))
    assert str(await stage.listener.trouble()) == "deepgram answered 401"
    assert (await stage.listener.final("one")).text == ""
    report = stage.engine.report()
    assert (report.state, report.detail) == (EngineState.FAILED, "answered 401")

    stage.speak("two", sound(0.5))
    other.begin("three")
    other.feed(sound(0.5))
    other.end()

    assert (await stage.listener.final("two")).text == ""
    assert (await listener.final("three")).text == ""
    assert stage.server.door.knocks == 1


async def test_a_refused_key_is_tried_again_after_a_while(theatre: Theatre) -> None:
    stage = await theatre.deepgram(limits=replace(QUICK, refused=0.05))
    stage.server.door.refuses_with = [401]
    stage.speak("one", sound(0.5))
    await stage.listener.final("one")
    assert stage.engine.report().state is EngineState.FAILED
    await asyncio.sleep(0.06)
    assert stage.engine.report().state is EngineState.READY
    stage.speak("two", sound(0.5))
    socket = await stage.server.next_socket()
    await socket.until("Finalize")
    await socket.results("Yes.", 0.0, 0.5, is_final=True)
    await stage.listener.relief()

    assert (await stage.listener.final("two")).text == "Yes."


async def test_an_error_inside_a_stream_that_worked_is_no_refusal(theatre: Theatre) -> None:
    """Providers end a stream that is too long with the code of a bad request."""
    stage = await theatre.soniox()
    stage.recognizer.begin("one")
    stage.recognizer.feed(sound(0.5))
    socket = await stage.server.next_socket()
    await socket.start()
    await socket.until_sound(0.5)
    await socket.tokens(token("Hel", is_final=False))
    await stage.listener.interim("Hel")
    await socket.error(400, "Audio is too long.")

    again = await stage.server.next_socket()
    await again.start()
    await again.until_sound(0.5)
    assert stage.engine.report().state is EngineState.READY


async def test_a_close_code_is_told(theatre: Theatre) -> None:
    stage = await theatre.deepgram()
    stage.speak("one", sound(0.5))
    for _ in range(3):
        socket = await stage.server.next_socket()
        await socket.close(INTERNAL_ERROR, "NET-0001")

    assert "closed the connection (1011 NET-0001)" in str(await stage.listener.trouble())


async def test_pauses_between_tries_grow_up_to_a_bound() -> None:
    loop = asyncio.get_running_loop()
    patience = Patience(limits := Limits(retry=0.01, longest_retry=0.02), Gate(KEY, limits))
    for _ in range(20):
        patience.lost(ProviderProblem(Fault.BROKEN, "gone"))
    began = loop.time()
    await patience.wait()

    assert 0.01 < loop.time() - began < 1.0


async def test_trouble_is_told_once_until_it_is_over() -> None:
    patience = Patience(Limits(), Gate(KEY, Limits()))
    gone = ProviderProblem(Fault.BROKEN, "gone")

    assert [patience.lost(gone) for _ in range(5)] == [False, False, True, False, False]
    assert patience.works()
    assert not patience.works()
    assert not patience.lost(gone)
    assert patience.lost(ProviderProblem(Fault.REFUSED, "no"))


async def test_a_request_that_is_rejected_concerns_nobody_else(theatre: Theatre) -> None:
    stage = await theatre.deepgram()
    stage.server.door.refuses_with = [400]
    other = stage.engine.open(RecognizerWish("de-DE"), listener := Listener())
    stage.speak("one", sound(0.5))
    assert str(await stage.listener.trouble()) == "deepgram answered 400"
    assert (await stage.listener.final("one")).text == ""
    assert stage.engine.report().state is EngineState.READY
    stage.speak("two", sound(0.5))
    assert (await stage.listener.final("two")).text == ""

    other.begin("three")
    other.feed(sound(0.5))
    other.end()
    socket = await stage.server.next_socket()
    await socket.until("Finalize")
    await socket.results("Ja.", 0.0, 0.5, is_final=True)
    assert (await listener.final("three")).text == "Ja."
    assert stage.server.door.knocks == 2


async def test_others_are_preferred_while_nobody_reaches_a_provider() -> None:
    gate = Gate(KEY, Limits(doubt=0.05))
    gone = ProviderProblem(Fault.BROKEN, "gone")
    for _ in range(2):
        gate.fails(gone)
    assert gate.trouble == ""
    gate.fails(gone)
    assert (gate.trouble, gate.is_shut) == ("gone", False)
    gate.works()
    assert gate.trouble == ""
    for _ in range(3):
        gate.fails(gone)
    await asyncio.sleep(0.06)

    assert gate.trouble == ""
