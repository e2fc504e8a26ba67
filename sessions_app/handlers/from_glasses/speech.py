"""Words the phone recognised by itself (glasses-socket §4.2)."""

from sessions_app.handlers.registry import from_glasses
from sessions_app.handlers.relaying import relay
from sessions_app.lifecycle.hearing import note_local_words
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.protocol.codec import encode
from sessions_app.protocol.glasses_to_cloud import LocalTranscription
from sessions_app.protocol.speech import transcription_of
from sessions_app.streams.rules import Event


@from_glasses(LocalTranscription)
def on_local_transcription(runtime: SessionRuntime, message: LocalTranscription, raw: str) -> None:
    """Deliver local words as a transcription in their language."""
    words = transcription_of(message)
    if message.is_final:
        runtime.upkeep.counters.transcripts += 1
    event = Event("transcription", language=words.transcribe_language)
    if not runtime.ears.relay.wants(event.stream):
        return
    relay(runtime, event, encode(words))
    if message.is_final:
        note_local_words(runtime, words)
