"""Speech and its translations, as an app's author hears them."""

from tests.mentra_sdk.fake_cloud import FakeCloud, transcription
from tests.mentra_sdk.stage import Stage


async def test_speech_reaches_general_and_language_handlers(stage: Stage) -> None:
    stage.session.transcription.on(lambda event: stage.seen.append(("any", event.text, event.is_final)))
    stage.session.transcription.for_language("en", lambda event: stage.seen.append(("en", event.text)))
    await stage.socket.send_event("transcription:en", transcription("hello", isFinal=False, speakerId=1))
    await stage.socket.send_event("transcription:auto", transcription("hallo", speakerId="2", startTime=12))
    await stage.settle()
    assert stage.seen == [("any", "hello", False), ("en", "hello"), ("any", "hallo", True)]


async def test_the_language_of_speech_is_the_detected_one_if_there_is_one(stage: Stage) -> None:
    stage.session.transcription.on(lambda event: stage.seen.append((event.language, event.utterance_id)))
    said = transcription("hallo", transcribeLanguage="en-US", utteranceId="u-1")
    await stage.socket.send_event("transcription:auto", said)
    await stage.socket.send_event("transcription:auto", {**said, "detectedLanguage": "de"})
    await stage.settle()
    assert stage.seen == [("en-US", "u-1"), ("de", "u-1")]


async def test_translations_reach_those_who_asked_and_those_who_hear_all(stage: Stage) -> None:
    translation = stage.session.translation
    translation.on(lambda event: stage.seen.append(("all", event.text)))
    translation.to("en", lambda event: stage.seen.append(("to en", event.text, event.original_text)))
    translation.from_to("de", "pt", lambda event: stage.seen.append(("de-pt", event.text, event.is_final)))
    told = {"type": "translation", "isFinal": True, "transcribeLanguage": "de", "didTranslate": True}
    await stage.socket.send_event("translation:auto-en", {**told, "text": "left", "originalText": "links"})
    await stage.socket.send_event("translation:de-pt", {**told, "text": "esquerda"})
    await stage.settle()
    assert stage.seen == [
        ("all", "left"),
        ("to en", "left", "links"),
        ("all", "esquerda"),
        ("de-pt", "esquerda", True),
    ]


async def test_the_configuration_of_speech_is_sent_and_repeated_when_the_connection_comes_back(
    stage: Stage, cloud: FakeCloud
) -> None:
    configure = stage.session.transcription.configure
    configure(language_hints=["en", "de"], vocabulary=["Mentra"])
    told = await stage.socket.next_of("transcription_config")
    assert (told["languageHints"], told["vocabulary"], told["diarization"]) == (
        ["en", "de"],
        ["Mentra"],
        True,
    )
    configure(vocabulary=["Hello"], diarization=False)
    assert (await stage.socket.next_of("transcription_config"))["diarization"] is False
    await stage.socket.close(1011, "lost")
    again = await cloud.next_socket()
    await again.accept("reconnect_ack")
    assert (await again.next_of("transcription_config"))["vocabulary"] == ["Hello"]


async def test_speech_is_active_while_somebody_listens_and_can_be_stopped_as_a_whole(stage: Stage) -> None:
    session = stage.session
    active = [session.transcription.is_active, session.translation.is_active]
    session.transcription.on(stage.seen.append)
    session.transcription.for_language(["en", "ja"], stage.seen.append)
    session.translation.to("es", stage.seen.append)
    session.translation.on(stage.seen.append)
    only = session.translation.on(stage.seen.append)
    await stage.subscriptions()
    active += [session.transcription.is_active, session.translation.is_active]
    session.transcription.stop()
    assert await stage.subscriptions() == ["translation:auto-es"]
    active += [session.transcription.is_active, session.translation.is_active]
    assert active == [False, False, True, True, False, True]
    session.translation.stop()
    only.cancel()
    assert await stage.subscriptions() == []
    await stage.socket.send_event("translation:auto-es", transcription("hola"))
    await stage.settle()
    assert (stage.seen, session.translation.is_active) == ([], False)


async def test_speech_that_was_stopped_is_not_configured_again(stage: Stage, cloud: FakeCloud) -> None:
    stage.session.transcription.configure(vocabulary=["Mentra"])
    await stage.socket.next_of("transcription_config")
    stage.session.transcription.stop()
    await stage.socket.close(1011, "lost")
    again = await cloud.next_socket()
    await again.accept("reconnect_ack")
    await again.next_of("subscription_update")
    stage.session.display.clear()
    await again.next_of("display_event")
    assert "transcription_config" not in [message["type"] for message in again.received]
