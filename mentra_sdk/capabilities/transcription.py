"""Speech as text (app-socket §5.2, §6.2). Needs the MICROPHONE permission."""

from collections.abc import Iterable, Sequence

from mentra_sdk.events import Transcription as TranscriptionEvent
from mentra_sdk.handlers import Handler, Subscription
from mentra_sdk.listeners import Listeners
from mentra_sdk.outbox import Send
from mentra_sdk.wire import TranscriptionConfig

STREAM = "transcription"
ANY_LANGUAGE = f"{STREAM}:auto"
CONFIGURATION = "transcription configuration"


class Transcription:
    """What is said near the glasses."""

    def __init__(self, listeners: Listeners, send: Send) -> None:
        self._listeners = listeners
        self._send = send
        self._config: TranscriptionConfig | None = None

    def on(self, handler: Handler[TranscriptionEvent]) -> Subscription:
        """Call `handler` with speech in any language, interim results included (`is_final`)."""
        return self._listeners.add(handler, keys=(STREAM,), kind=TranscriptionEvent, streams=(ANY_LANGUAGE,))

    def for_language(
        self, language: str | Sequence[str], handler: Handler[TranscriptionEvent]
    ) -> Subscription:
        """Call `handler` with speech in one language, such as "en" or "en-US", or in each of several."""
        languages = (language,) if isinstance(language, str) else language
        keys = tuple(f"{STREAM}:{each}" for each in languages)
        return self._listeners.add(handler, keys=keys, kind=TranscriptionEvent, streams=keys)

    def configure(
        self,
        *,
        language_hints: Iterable[str] = (),
        vocabulary: Iterable[str] = (),
        diarization: bool = True,
    ) -> None:
        """Help the recognition of this session: languages to expect, words to know, whether to tell speakers apart.

        Replaces what was configured before; it is repeated by itself when the connection comes back.
        """
        self._config = TranscriptionConfig(
            language_hints=list(language_hints), vocabulary=list(vocabulary), diarization=diarization
        )
        self.repeat_configuration()

    @property
    def is_active(self) -> bool:
        """Tell whether there is a handler."""
        return self._listeners.has_any(STREAM)

    def stop(self) -> None:
        """End all handlers and forget the configuration."""
        self._listeners.stop(STREAM)
        self._config = None

    def repeat_configuration(self) -> None:
        """Tell the cloud, if there is anything to tell."""
        if self._config is not None:
            self._send(self._config, replaces=CONFIGURATION)
