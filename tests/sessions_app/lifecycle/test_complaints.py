"""What apps are told when words do not come."""

import pytest

from sessions_app.lifecycle.complaints import Complaint, SpeechNow, complaint_about
from sessions_app.lifecycle.wishes import MOST_RECOGNIZERS, MOST_TARGETS, Listening, recognizer_wishes
from sessions_app.protocol.codes import ErrorCode
from sessions_app.protocol.streams import parse_stream
from sessions_app.speech.node.placing import ALL_FULL, Problem
from sessions_app.speech.rules import EngineFacts, WorkerFacts

LONGEST_MESSAGE = 300
LANGUAGES = (
    "fr",
    "es",
    "it",
    "pt",
    "nl",
    "pl",
    "uk",
    "ja",
    "ko",
    "zh",
    "ru",
    "tr",
    "sv",
    "da",
    "fi",
    "no",
    "el",
    "cs",
)


def worker(*languages: str, pairs: tuple[str, ...] = (), loading: bool = False) -> WorkerFacts:
    engines = (EngineFacts("whisper", "speech", "loading" if loading else "ready"),)
    return WorkerFacts("w1", "127.0.0.1:1", 0.0, languages=languages, pairs=pairs, engines=engines)


def complaint(
    stream: str,
    *workers: WorkerFacts,
    problem: Problem | None = None,
    troubles: dict[tuple[str, str], Problem] | None = None,
    known: bool = True,
) -> tuple[ErrorCode, str] | None:
    key = parse_stream(stream)
    wishes = recognizer_wishes([Listening((key,))])
    found = complaint_about(key, SpeechNow(workers if known else None, wishes, problem, troubles or {}))
    return None if found is None else (found.code, found.message)


def test_a_language_that_a_worker_takes_is_fine() -> None:
    for languages in (("*",), ("en",), ("en-US",)):
        assert complaint("transcription:en-US", worker(*languages)) is None


def test_a_language_that_nobody_takes_is_named_with_those_that_work() -> None:
    found = complaint("transcription:fr", worker("en"), worker("de"))
    assert found is not None
    code, text = found
    assert code is ErrorCode.SPEECH_LANGUAGE_UNSUPPORTED
    assert "fr-FR" in text
    assert "de, en" in text


def test_a_worker_that_still_loads_is_waited_for() -> None:
    assert complaint("transcription:fr", worker(loading=True)) is None
    assert complaint("translation:en-fr", worker("*", loading=True)) is None


def test_a_pair_that_nobody_translates_is_named_with_those_that_work() -> None:
    able = worker("*", pairs=("en-pt", "pt-en", "*-en"))
    assert complaint("translation:en-pt", able) is None
    assert complaint("translation:de-DE-to-en-US", able) is None
    found = complaint("translation:en-ja", able)
    assert found is not None
    assert found[0] is ErrorCode.TRANSLATION_UNSUPPORTED
    assert "*-en, en-pt, pt-en" in found[1]


def test_the_text_is_short_however_much_works() -> None:
    able = worker("*", pairs=tuple(f"{a}{b}-en" for a in "abcdefghij" for b in "klmnopqrst"))
    found = complaint("translation:en-ja?hints=" + "de%2C" * 60 + "fr", able)
    assert found is not None
    assert len(found[1]) < LONGEST_MESSAGE
    assert "more" in found[1]


def test_without_a_worker_it_is_said_how_to_start_one() -> None:
    found = complaint("transcription:en")
    assert found is not None
    assert found[0] is ErrorCode.SPEECH_UNAVAILABLE
    assert "manage.py speech_worker" in found[1]


def test_before_anything_is_known_nothing_is_said() -> None:
    assert complaint("transcription:en", known=False) is None


def test_full_workers_and_troubles_of_recognisers_are_told() -> None:
    able = worker("*", pairs=("en-de",))
    assert complaint("transcription:en", able, problem=ALL_FULL) == (ErrorCode.SPEECH_FULL, ALL_FULL.message)
    failed = Problem("SPEECH_ENGINE_FAILED", "no credentials")
    told = (ErrorCode.SPEECH_ENGINE_FAILED, "no credentials")
    assert complaint("transcription:en", able, troubles={("en-US", ""): failed}) == told
    assert complaint("translation:en-de", able, troubles={("en-US", "de-DE"): failed}) == told
    assert complaint("transcription:en", able, troubles={("en-US", "de-DE"): failed}) is None


def test_an_unknown_code_of_a_worker_is_a_failure_of_the_engine() -> None:
    found = complaint("transcription:en", worker("*"), troubles={("en-US", ""): Problem("ODD", "odd")})
    assert found == (ErrorCode.SPEECH_ENGINE_FAILED, "odd")


@pytest.mark.parametrize("stream", ["transcription:en", "translation:en-de"])
def test_a_recogniser_beyond_the_limit_is_named(stream: str) -> None:
    found = complaint_beside(stream, *(f"transcription:{name}" for name in LANGUAGES[:MOST_RECOGNIZERS]))
    assert found is not None
    assert (found.subject, found.code) == (stream, ErrorCode.SPEECH_FULL)
    assert "16 languages recognised" in found.message


def test_a_translation_beyond_the_limit_is_named() -> None:
    found = complaint_beside(
        "translation:en-de", *(f"translation:en-{name}" for name in LANGUAGES[:MOST_TARGETS])
    )
    assert found is not None
    assert found.code is ErrorCode.SPEECH_FULL
    assert "into at most 16 others" in found.message


@pytest.mark.parametrize("stream", ["transcription:en", "translation:en-de"])
def test_a_recogniser_that_is_not_asked_for_yet_is_no_problem(stream: str) -> None:
    assert complaint_beside(stream) is None
    assert complaint_beside(stream, "transcription:fr", "translation:en-fr") is None


def complaint_beside(stream: str, *others: str) -> Complaint | None:
    """Return what is said of a subscription while only others were asked of the recognisers."""
    wishes = recognizer_wishes([Listening(tuple(parse_stream(other) for other in others))])
    return complaint_about(parse_stream(stream), SpeechNow([worker("*", pairs=("*-de",))], wishes, None, {}))
