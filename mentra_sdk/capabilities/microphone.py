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
