"""Spoken words reach the handlers of the official SDK, each under the very key that the handler is waiting for.

The engine is the scripted one, so that what is heard is known; only British English is left to the real one.
"""

from collections.abc import AsyncIterator, Iterator
from urllib.parse import parse_qs, urlsplit

import pytest

from bench.word_errors import word_error_rate
from tests.sdk.packages import Family, Program
from tests.sdk.play import Play
from tests.sdk.probe import Probe
from tests.support.cloud import Cloud
from tests.support.cloud_fixtures import KNOWN_SECRET, SERVER
from tests.support.inbox import Item
from tests.support.recordings import find_recording, needs_speech_engines
from tests.support.speech_sound import frames_of, silence, sound_of
from tests.support.stage import Person, Stage, staged
from tests.support.wire import RawPhone

SCRIPTED = {
    "SPEECH_ENGINES": "scripted,en-GB=whisper",
    "SPEECH_VAD": "energy",
    "SPEECH_TRANSLATORS": "whisper",
}
LOADING_SECONDS = 60
ARGUMENTS = ("--no-demo", "--speech-workers", "1")
HINTED = "transcription:en-US?no-language-identification=true&hints=de%2Cfr"


@pytest.fixture(scope="module")
def hearing_cloud() -> Iterator[Cloud]:
    with Cloud(KNOWN_SECRET | SCRIPTED, server=SERVER, arguments=ARGUMENTS) as running:
        yield running


@pytest.fixture
async def stage(hearing_cloud: Cloud) -> AsyncIterator[Stage]:
    async for made in staged(hearing_cloud):
        yield made


@pytest.fixture
def play(programs: dict[Family, Program], stage: Stage) -> Play:
    return Play(stage, programs)


async def listening(play: Play, family: Family, *streams: str) -> tuple[Person, RawPhone, Probe]:
    """Return somebody whose app of this family listens to the streams, with the microphone on."""
    ada = await play.stage.person()
    phone = await play.stage.phone(ada)
    probe = await play.probe(family, ada, *streams)
    await play.start(phone, ada, probe)
    await probe.subscribed(play.stage, ada, *streams)
    await phone.take("microphone_state_change", isMicrophoneEnabled=True)
    return ada, phone, probe


async def say(phone: RawPhone, words: str) -> None:
    for frame in frames_of(sound_of(words)):
        await phone.send_raw(frame)


async def final(probe: Probe, stream: str, text: str) -> Item:
    told = await probe.take("data", stream=stream, data={"text": text, "isFinal": True})
    heard: Item = told["data"]
    return heard


def finals(probe: Probe) -> list[tuple[str, str]]:
    """List which handlers were called with final words, and with which."""
    return [
        (each["stream"], each["data"]["text"])
        for each in probe.events.seen(event="data", data={"isFinal": True})
    ]


@pytest.mark.parametrize(
    ("family", "stream"),
    [
        (Family.A, "transcription:en-US"),
        (Family.A, "transcription:auto"),
        (Family.A, HINTED),
        (Family.B, HINTED),
        (Family.C, "transcription:en"),
        (Family.C, "transcription:auto"),
    ],
)
async def test_words_grow_and_end_under_one_name(play: Play, family: Family, stream: str) -> None:
    _, phone, probe = await listening(play, family, stream)

    await say(phone, "turn left now")

    ended = await final(probe, stream, "turn left now")
    heard = [each["data"] for each in probe.events.seen(event="data", stream=stream)]
    assert [each["isFinal"] for each in heard] == [False] * (len(heard) - 1) + [True]
    assert len(heard) > 1
    assert {each["utteranceId"] for each in heard} == {ended["utteranceId"]}
    assert 0 <= ended["startTime"] < ended["endTime"]
    assert ended["language" if family is Family.C else "transcribeLanguage"] == "en-US"


async def test_the_general_handler_of_v2_hears_english(play: Play) -> None:
    ada = await play.stage.person()
    phone = await play.stage.phone(ada)
    probe = await play.probe(Family.A, ada, "transcription")
    await play.start(phone, ada, probe)
    await probe.subscribed(play.stage, ada, "transcription:en-US")
    await phone.take("microphone_state_change", isMicrophoneEnabled=True)

    await say(phone, "hello")

    await final(probe, "transcription", "hello")


async def test_each_utterance_calls_each_handler_of_v3_once(play: Play) -> None:
    streams = ("transcription:auto", "transcription:en")
    ada, phone, probe = await listening(play, Family.C, *streams)
    await probe.order(
        "configure", userId=ada.email, config={"vocabulary": ["Mentra"], "languageHints": ["en"]}
    )

    await say(phone, "one")
    await final(probe, "transcription:en", "one")
    await say(phone, "two")
    await final(probe, "transcription:en", "two")
    await final(probe, "transcription:auto", "two")

    assert sorted(finals(probe)) == [
        ("transcription:auto", "one"),
        ("transcription:auto", "two"),
        ("transcription:en", "one"),
        ("transcription:en", "two"),
    ]


@pytest.mark.parametrize(
    ("family", "stream"),
    [
        (Family.A, "translation:es-ES-to-en-US"),
        (Family.C, "translation:es-en"),
    ],
)
async def test_translations_reach_the_handler_of_their_pair(play: Play, family: Family, stream: str) -> None:
    _, phone, probe = await listening(play, family, stream)

    await say(phone, "hola")

    heard = await final(probe, stream, "HOLA")
    assert heard["originalText"] == "hola"
    languages = (
        ("sourceLanguage", "targetLanguage")
        if family is Family.C
        else ("transcribeLanguage", "translateLanguage")
    )
    assert tuple(heard[name].split("-")[0] for name in languages) == ("es", "en")
    assert {each["stream"] for each in probe.events.seen(event="data")} == {stream}


@pytest.mark.parametrize(
    ("family", "stream"), [(Family.A, "translation:all-to-en-US"), (Family.C, "translation:auto-en")]
)
async def test_words_that_are_in_the_wanted_language_already_come_as_well(
    play: Play, family: Family, stream: str
) -> None:
    _, phone, probe = await listening(play, family, stream)

    await say(phone, "hello")

    told = await probe.take("data", stream=stream, data={"originalText": "hello", "isFinal": True})
    assert told["data"]["text"].lower() == "hello"
    assert told["data"].get("didTranslate") is (False if family is Family.A else None)


async def test_voice_activity_is_told_as_it_changes(play: Play, family: Family) -> None:
    _, phone, probe = await listening(play, family, "VAD")

    await say(phone, "hello")

    def spoken(told: Item) -> bool:
        status = told["data"]["isSpeaking"] if family is Family.C else told["data"]["status"]
        return status in (True, "true")

    began, ended = [await probe.take("data", stream="VAD") for _ in range(2)]
    assert (spoken(began), spoken(ended)) == (True, False)


@pytest.mark.parametrize(
    ("family", "stream"), [(Family.A, "translation:es-ES-to-ja-JP"), (Family.C, "translation:es-ja")]
)
async def test_a_pair_that_nobody_translates_is_an_error_and_nothing_else_is_lost(
    play: Play, family: Family, stream: str
) -> None:
    speech = "transcription:en" if family is Family.C else "transcription:en-US"
    # SDK 2 asks for one after the other: the microphone of who listens to words is on once those are recognised.
    _, phone, probe = await listening(play, family, speech, stream)

    error = await probe.take("error")
    await say(phone, "still here")

    await final(probe, speech, "still here")
    assert "es" in error["message"]
    assert "ja" in error["message"]
    assert "-en" in error["message"]
    assert probe.count("disconnected") == 0
    assert probe.count("data", stream=stream) == 0


async def test_a_persons_recorded_sentence_is_written_down(play: Play) -> None:
    needs_speech_engines()
    recording = find_recording("sense_and_sensibility_2")
    _, phone, probe = await listening(play, Family.A, "transcription:en-GB")

    for frame in frames_of(silence(0.3) + recording.sound() + silence(1)):
        await phone.send_raw(frame)

    told = await probe.take("data", LOADING_SECONDS, data={"isFinal": True})
    assert told["data"]["provider"] == "whisper"
    assert word_error_rate([(recording.text, told["data"]["text"])]) <= 0.3


@pytest.mark.parametrize("family", [Family.A, Family.C], ids=str)
async def test_a_spoken_answer_reaches_the_phone_as_an_address_it_may_fetch(
    play: Play, family: Family
) -> None:
    ada = await play.stage.person()
    phone = await play.stage.phone(ada)
    probe = await play.probe(family, ada)
    await play.start(phone, ada, probe)

    await probe.order("speak", userId=ada.email, text="Turn left.")

    request = await phone.take("audio_play_request")
    address = urlsplit(request["audioUrl"])
    assert f"{address.scheme}://{address.netloc}" == play.stage.cloud.url
    assert address.path == "/api/tts"
    asked = parse_qs(address.query)
    assert asked["text"] == ["Turn left."]
    assert len(asked) > 1, "the address is not signed"
