"""Sound of the microphone (app-socket §9). Needs the MICROPHONE permission."""

from mentra_sdk.events import VoiceActivity
from mentra_sdk.handlers import Handler, Subscription
from mentra_sdk.listeners import Listeners

AUDIO_STREAM = "audio_chunk"
VOICE_STREAM = "VAD"
BYTES_PER_SECOND = 32_000
WAITING_SECONDS = 2


class Microphone:
    """The microphone of the glasses or the phone."""

    def __init__(self, listeners: Listeners) -> None:
        self._listeners = listeners
        self._is_speaking = False
        listeners.watch(self._note_voice, keys=(VOICE_STREAM,), kind=VoiceActivity)

    @property
    def is_active(self) -> bool:
        """Tell whether a handler gets sound."""
        return self._listeners.has_any(AUDIO_STREAM)

    @property
    def is_speaking(self) -> bool:
        """Tell whether there is a voice now; known only while `on_voice_activity` has a handler."""
        return self._is_speaking and self._listeners.has_any(VOICE_STREAM)

    @property
    def dropped_chunks(self) -> int:
        """How many chunks slow handlers have lost."""
        return self._listeners.count_dropped(AUDIO_STREAM)

    def on_chunk(self, handler: Handler[bytes]) -> Subscription:
        """Call `handler` with sound: signed 16-bit little-endian, mono, 16,000 Hz.

        A handler that is slower than the sound loses the oldest chunks beyond two seconds.
        """
        return self._listeners.add(
            handler, keys=(AUDIO_STREAM,), kind=bytes, capacity=BYTES_PER_SECOND * WAITING_SECONDS
        )

    def on_voice_activity(self, handler: Handler[VoiceActivity]) -> Subscription:
        """Call `handler` when somebody begins or ends to speak."""
        return self._listeners.add(handler, keys=(VOICE_STREAM,), kind=VoiceActivity)

    def stop(self) -> None:
        """End all handlers, those of sound and those of voices."""
        self._listeners.stop(AUDIO_STREAM, VOICE_STREAM)
        self._is_speaking = False

    def _note_voice(self, event: VoiceActivity) -> None:
        self._is_speaking = event.is_speaking
