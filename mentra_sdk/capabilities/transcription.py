"""Speech as text (app-socket §5.2, §6.2). Needs the MICROPHONE permission."""

from mentra_sdk.events import Transcription as TranscriptionEvent
from mentra_sdk.handlers import Handler, Subscription
from mentra_sdk.listeners import Listeners

STREAM = "transcription"
ANY_LANGUAGE = f"{STREAM}:auto"


class Transcription:
    """What is said near the glasses."""

    def __init__(self, listeners: Listeners) -> None:
        self._listeners = listeners

    def on(self, handler: Handler[TranscriptionEvent]) -> Subscription:
        """Call `handler` with speech in any language, interim results included (`is_final`)."""
        return self._listeners.add(handler, keys=(STREAM,), kind=TranscriptionEvent, stream=ANY_LANGUAGE)

    def for_language(self, language: str, handler: Handler[TranscriptionEvent]) -> Subscription:
        """Call `handler` with speech in one language, such as "en" or "en-US"."""
        return self._listeners.add(handler, keys=(f"{STREAM}:{language}",), kind=TranscriptionEvent)
