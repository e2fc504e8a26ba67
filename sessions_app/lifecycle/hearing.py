"""What recognisers heard, on its way to the apps: payloads, the events they travel as, and what counts of them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final
from uuid import uuid4

from sessions_app.lifecycle.reconciling import remember
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.lifecycle.speech_problems import tell_speech_problems
from sessions_app.protocol.codec import encode, iso
from sessions_app.protocol.speech import Transcription, Translation
from sessions_app.protocol.streams import ANY_LANGUAGE, StreamName
from sessions_app.speech.node.results import Outlets
from sessions_app.speech.transcripts.segments import FinalWords
from sessions_app.speech.wire import SAMPLES_A_MILLISECOND, TranslatedWords, Words
from sessions_app.streams.languages import recognizer_locale
from sessions_app.streams.rules import Event

_VOICE: Final = {
    is_speaking: f'{{"type":"VAD","status":{str(is_speaking).lower()}}}' for is_speaking in (True, False)
}
# As long as most frames of phones, in which unheard sound is counted.
_FRAME_SAMPLES: Final = 20 * SAMPLES_A_MILLISECOND
LOCAL_SETTING: Final = "phone"
_LONGEST_LOCAL_MS: Final = 60_000.0


def outlets(runtime: Callable[[], SessionRuntime]) -> Outlets:
    """Return where the speech of a session leads; the session is asked for when there is something to tell."""
    return Outlets(
        words=lambda words: words_heard(runtime(), words),
        translated=lambda words: translation_heard(runtime(), words),
        voice=lambda is_speaking: voice_heard(runtime(), is_speaking),
        unheard=lambda samples: sound_unheard(runtime(), samples),
        changed=lambda: tell_speech_problems(runtime()),
    )


def words_heard(runtime: SessionRuntime, words: Words) -> None:
    """Pass on what a recogniser made of an utterance, so far or finally."""
    is_detected = words.setting == ANY_LANGUAGE
    language = recognizer_locale(words.language) if is_detected else words.setting
    payload = Transcription(
        text=words.text,
        is_final=words.is_final,
        transcribe_language=language,
        detected_language=language if is_detected else None,
        start_time=words.start,
        end_time=words.end,
        duration=words.end - words.start,
        speaker_id=words.speaker,
        utterance_id=words.utterance,
        confidence=words.confidence,
        provider=words.provider,
    )
    event = Event(StreamName.TRANSCRIPTION.value, language=words.language, asked=words.setting)
    _relay(runtime, event, encode(payload))
    if words.is_final:
        final_heard(runtime, words, language)


def translation_heard(runtime: SessionRuntime, words: TranslatedWords) -> None:
    """Pass on the same in another language."""
    is_detected = words.setting == ANY_LANGUAGE
    payload = Translation(
        text=words.text,
        original_text=words.original,
        is_final=words.is_final,
        transcribe_language=recognizer_locale(words.language) if is_detected else words.setting,
        translate_language=words.target,
        did_translate=words.did_translate,
        start_time=words.start,
        end_time=words.end,
        speaker_id=words.speaker,
        utterance_id=words.utterance,
        confidence=words.confidence,
    )
    event = Event(
        StreamName.TRANSLATION.value, language=words.language, target=words.target, asked=words.setting
    )
    _relay(runtime, event, encode(payload))
    if words.is_final:
        remember(runtime)


def voice_heard(runtime: SessionRuntime, is_speaking: bool) -> None:
    """Tell apps that somebody speaks, or no longer, where the phone does not."""
    _relay(runtime, Event(StreamName.VAD.value), _VOICE[is_speaking])


def sound_unheard(runtime: SessionRuntime, samples: int) -> None:
    """Count sound that recognisers missed."""
    runtime.audio.counts.dropped += max(1, samples // _FRAME_SAMPLES)


def final_heard(runtime: SessionRuntime, words: Words, language: str) -> None:
    """Count and note final words, and have the next owner know that apps have them."""
    remember(runtime)
    if not words.text:
        return
    runtime.upkeep.counters.transcripts += 1
    stream = runtime.ears.speech.stream
    runtime.upkeep.transcript.note(
        FinalWords(
            setting=words.setting,
            utterance=words.utterance,
            language=language,
            text=words.text,
            started_at=stream.time_of(words.start),
            ended_at=stream.time_of(words.end),
            start_ms=words.start,
            end_ms=words.end,
            speaker=words.speaker or "",
        )
    )


def note_local_words(runtime: SessionRuntime, words: Transcription) -> None:
    """Note final words that the phone recognised by itself, whose times count from wherever it likes."""
    ended_at = runtime.upkeep.clock.now()
    length = min(max(0.0, float(words.end_time) - float(words.start_time)), _LONGEST_LOCAL_MS)
    runtime.upkeep.transcript.note(
        FinalWords(
            setting=LOCAL_SETTING,
            utterance=uuid4().hex,
            language=words.transcribe_language,
            text=words.text,
            started_at=ended_at - timedelta(milliseconds=length),
            ended_at=ended_at,
            start_ms=int(words.start_time),
            end_ms=int(words.end_time),
            speaker=words.speaker_id or "",
        )
    )


def _relay(runtime: SessionRuntime, event: Event, raw: str) -> None:
    relay = runtime.ears.relay
    if relay.wants(event.stream):
        runtime.upkeep.counters.events += relay.event(event, raw, iso(runtime.upkeep.clock.now()))
