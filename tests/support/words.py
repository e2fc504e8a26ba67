"""Final words for tests; what a test does not care about is an utterance of one second in English."""

from datetime import timedelta

from sessions_app.speech.transcripts.segments import FinalWords
from sessions_app.speech.transcripts.services import keep_words
from sessions_app.states import SessionRef
from tests.support.fake_clock import START


def final_words(
    text: str = "turn left",
    *,
    utterance: str = "u-1",
    setting: str = "en-US",
    language: str = "en-US",
    speaker: str = "",
    at: float = 0.0,
    seconds: float = 1.0,
) -> FinalWords:
    """Return words that were said `at` seconds after START."""
    begin = START + timedelta(seconds=at)
    start_ms = round(at * 1_000)
    return FinalWords(
        setting=setting,
        utterance=utterance,
        language=language,
        text=text,
        started_at=begin,
        ended_at=begin + timedelta(seconds=seconds),
        start_ms=start_ms,
        end_ms=start_ms + round(seconds * 1_000),
        speaker=speaker,
    )


def say(
    ref: SessionRef, *texts: str, at: float = 0.0, setting: str = "en-US", language: str = "en-US"
) -> None:
    """Store texts as if they were said in a session, one after another, ten seconds apart."""
    words = [
        final_words(
            text, utterance=f"{setting} {at} {place}", setting=setting, language=language, at=at + 10 * place
        )
        for place, text in enumerate(texts)
    ]
    keep_words(ref=ref, words=words)
