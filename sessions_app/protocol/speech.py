"""Payloads of speech events as apps get them (app-socket §6.2). Must not know where words come from."""

from sessions_app.protocol.base import Fragment, Number
from sessions_app.protocol.glasses_to_cloud import LocalTranscription
from sessions_app.protocol.streams import DEFAULT_LANGUAGE


class Transcription(Fragment, tag_field="type", tag="transcription", frozen=True):
    """Words of one utterance; times in milliseconds since the stream began."""

    text: str
    is_final: bool
    transcribe_language: str
    start_time: Number
    end_time: Number
    speaker_id: str | None = None
    utterance_id: str | None = None
    detected_language: str | None = None
    confidence: float | None = None
    duration: Number | None = None
    provider: str | None = None


class Translation(Fragment, tag_field="type", tag="translation", frozen=True):
    """Words of one utterance in another language; `text` is the translation."""

    text: str
    is_final: bool
    transcribe_language: str
    translate_language: str
    start_time: Number
    end_time: Number
    did_translate: bool
    original_text: str | None = None
    speaker_id: str | None = None
    utterance_id: str | None = None
    confidence: float | None = None


def transcription_of(message: LocalTranscription) -> Transcription:
    """Return what apps get of words the phone recognised (glasses-socket §4.2)."""
    return Transcription(
        text=message.text,
        is_final=message.is_final,
        transcribe_language=message.transcribe_language or DEFAULT_LANGUAGE,
        start_time=message.start_time or 0,
        end_time=message.end_time or 0,
        speaker_id=None if message.speaker_id is None else str(message.speaker_id),
        provider=message.provider,
    )
