"""Words of recognisers reach the apps that asked for them, and apps hear why none come."""

from typing import Any

import pytest

from sessions_app.handlers.dispatch import dispatch_from_app, dispatch_from_glasses
from sessions_app.lifecycle.hearing import sound_unheard, translation_heard, voice_heard, words_heard
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.protocol.families import Family
from sessions_app.speech.node.workers import FIRST_SHOWN_SECONDS
from sessions_app.speech.rules import WorkerFacts
from sessions_app.speech.wire import TranslatedWords, Words
from tests.support.fake_clock import FakeClock
from tests.support.runtime import RecordingJournal, RecordingLink, make_facts, make_runtime, seat_app
from tests.support.speech import UnseenWorkers

Session = tuple[SessionRuntime, RecordingLink, FakeClock]
ANYTHING = WorkerFacts("w1", "127.0.0.1:1", 0.0, languages=("*",), pairs=("*-en",))


@pytest.fixture
async def session(monkeypatch: pytest.MonkeyPatch) -> Session:
    return make_runtime(monkeypatch)


def listener(session: Session, *streams: str, family: Family = Family.A, package: str = "a") -> RecordingLink:
    runtime, _, _ = session
    facts = make_facts("MICROPHONE", package=f"com.example.{package}")
    return seat_app(runtime, facts, family, *streams)[1]


def heard(link: RecordingLink) -> dict[str, dict[str, Any]]:
    return {message["streamType"]: message["data"] for message in link.of_type("data_stream")}


def errors(link: RecordingLink) -> list[str]:
    return [message["code"] for message in link.of_type("tpa_connection_error")]


def is_wanted(runtime: SessionRuntime) -> bool:
    """Whether sound is wanted for recognisers or for finding voices."""
    return runtime.ears.speech._is_wanted


async def show(session: Session, *workers: WorkerFacts) -> None:
    """Have the node see these workers."""
    workers_seen = session[0].ears.speech.workers
    assert isinstance(workers_seen, UnseenWorkers)
    workers_seen.shown = {each.worker_id: each for each in workers}
    await workers_seen.refresh()


def words(
    setting: str = "en-US", language: str = "en", *, final: bool = True, text: str = "turn left"
) -> Words:
    return Words(
        1, setting, "u1", text, final, 1_240, 2_110, language, "whisper", confidence=0.9, speaker="1"
    )


def translated(target: str, setting: str = "en-US", language: str = "en") -> TranslatedWords:
    return TranslatedWords(
        1, setting, target, "u1", "nach links", "turn left", True, 1_240, 2_110, language, "embedded"
    )


async def test_words_come_under_every_name_of_their_recogniser(session: Session) -> None:
    link = listener(session, "transcription:en", "transcription:en-US?hints=de", "transcription:de")
    words_heard(session[0], words())
    assert list(heard(link)) == ["transcription:en", "transcription:en-US?hints=de"]
    assert heard(link)["transcription:en"] == {
        "type": "transcription",
        "text": "turn left",
        "isFinal": True,
        "transcribeLanguage": "en-US",
        "startTime": 1240,
        "endTime": 2110,
        "duration": 870,
        "speakerId": "1",
        "utteranceId": "u1",
        "confidence": 0.9,
        "provider": "whisper",
    }


async def test_a_detected_language_is_named(session: Session) -> None:
    link = listener(session, "transcription:auto", "transcription:de", family=Family.A)
    words_heard(session[0], words("auto", "de"))
    (data,) = heard(link).values()
    assert (data["transcribeLanguage"], data["detectedLanguage"]) == ("de-DE", "de-DE")


async def test_sdk_3_hears_the_same_speech_once(session: Session) -> None:
    link = listener(session, "transcription:auto", "transcription:de", family=Family.C)
    words_heard(session[0], words("auto", "de"))
    words_heard(session[0], words("de-DE", "de"))
    assert list(heard(link)) == ["transcription:de"]


@pytest.mark.parametrize("key", ["translation:en-de", "translation:en-US-to-de-DE"])
async def test_a_translation_comes_under_the_name_of_its_pair(session: Session, key: str) -> None:
    link = listener(session, key, "translation:en-fr", "translation:auto-de", "translation:en-US-to-de-AT")
    translation_heard(session[0], translated("de-DE"))
    assert heard(link) == {
        key: {
            "type": "translation",
            "text": "nach links",
            "originalText": "turn left",
            "isFinal": True,
            "transcribeLanguage": "en-US",
            "translateLanguage": "de-DE",
            "didTranslate": True,
            "startTime": 1240,
            "endTime": 2110,
            "utteranceId": "u1",
        }
    }


@pytest.mark.parametrize(
    ("family", "key"), [(Family.A, "translation:all-to-de-DE"), (Family.C, "translation:auto-de")]
)
async def test_a_translation_of_any_language_names_the_spoken_one(
    session: Session, family: Family, key: str
) -> None:
    link = listener(session, key, family=family)
    translation_heard(session[0], translated("de-DE", "auto", "fr"))
    assert heard(link)[key]["transcribeLanguage"] == "fr-FR"


async def test_two_countries_of_one_target_are_not_mixed_up(session: Session) -> None:
    link = listener(session, "translation:en-pt", "translation:en-US-to-pt-PT")
    translation_heard(session[0], translated("pt-PT"))
    assert list(heard(link)) == ["translation:en-US-to-pt-PT"]


async def test_final_words_are_counted_and_kept_for_the_user(session: Session) -> None:
    runtime, _, clock = session
    words_heard(runtime, words(final=False))
    words_heard(runtime, words(text=""))
    words_heard(runtime, words())
    assert runtime.upkeep.counters.transcripts == 1
    clock.advance(1.1)
    journal = runtime.upkeep.journal
    assert isinstance(journal, RecordingJournal)
    (kept,) = [given["words"] for name, _, given in journal.writes if name == "keep_words"]
    assert [(each.text, each.language, each.start_ms) for each in kept] == [("turn left", "en-US", 1_240)]


async def test_voices_are_told_as_the_phone_would(session: Session) -> None:
    link = listener(session, "VAD")
    voice_heard(session[0], True)
    assert heard(link) == {"VAD": {"type": "VAD", "status": True}}


async def test_sound_that_no_recogniser_heard_counts_as_dropped(session: Session) -> None:
    sound_unheard(session[0], 3_200)
    sound_unheard(session[0], 1)
    assert session[0].audio.counts.dropped == 11


async def test_subscriptions_become_wishes(session: Session) -> None:
    runtime, _, clock = session
    link = listener(session, "transcription:en", "VAD")
    seat = runtime.apps.find("com.example.a")
    assert seat is not None
    clock.advance(0.2)
    assert [each.setting for each in runtime.ears.speech.wishes] == ["en-US"]
    dispatch_from_app(
        runtime, seat, '{"type":"transcription_config","vocabulary":["Mentra"],"diarization":true}'
    )
    clock.advance(0.2)
    (wish,) = runtime.ears.speech.wishes
    assert (wish.vocabulary, wish.diarization) == (("Mentra",), True)
    dispatch_from_glasses(
        runtime, '{"type":"phone_subscription_update","subscriptions":["transcription:fr"]}'
    )
    clock.advance(0.2)
    assert [each.setting for each in runtime.ears.speech.wishes] == ["en-US", "fr-FR"]
    assert not errors(link)


async def test_the_phones_own_voice_detection_goes_before_ours(session: Session) -> None:
    runtime, _, clock = session
    link = listener(session, "VAD")
    clock.advance(0.2)
    assert is_wanted(runtime)
    dispatch_from_glasses(runtime, '{"type":"VAD","status":"false"}')
    assert not is_wanted(runtime)
    assert heard(link)["VAD"]["status"] == "false"


async def test_without_a_worker_apps_are_told_once_and_again_when_it_happens_again(session: Session) -> None:
    runtime, _, clock = session
    await show(session)
    link, other = (
        listener(session, "transcription:en", "translation:en-de"),
        listener(session, "VAD", package="b"),
    )
    clock.advance(FIRST_SHOWN_SECONDS)
    await show(session)
    assert errors(link) == ["SPEECH_UNAVAILABLE"]
    listener(session, "button_press", package="c")
    clock.advance(0.2)
    await show(session, WorkerFacts("w1", "127.0.0.1:1", 0.0, languages=("*",), pairs=("en-de",)))
    assert errors(link) == ["SPEECH_UNAVAILABLE"]
    await show(session)
    assert errors(link) == ["SPEECH_UNAVAILABLE"] * 2
    assert not errors(other)
    runtime.ears.close()


async def test_what_nobody_can_is_told_and_the_rest_works(session: Session) -> None:
    runtime, _, clock = session
    await show(session, ANYTHING)
    link = listener(session, "transcription:en", "translation:en-ja", "translation:de-en")
    clock.advance(0.2)
    assert errors(link) == ["TRANSLATION_UNSUPPORTED"]
    (told,) = link.of_type("tpa_connection_error")
    assert "translation:en-ja" in told["message"]
    assert "*-en" in told["message"]
    assert [each.setting for each in runtime.ears.speech.wishes] == ["en-US", "de-DE"]
    await show(session, ANYTHING, WorkerFacts("w2", "127.0.0.1:2", 0.0, languages=("*",), pairs=("en-ja",)))
    await show(session, ANYTHING)
    assert errors(link) == ["TRANSLATION_UNSUPPORTED"] * 2
    runtime.ears.close()
