"""Speech as text in another language (app-socket §5.2, §6.2). Needs the MICROPHONE permission.

A pair of languages that the cloud cannot translate is reported to `session.on_error`.
"""

from collections.abc import Sequence

from mentra_sdk.events import Translation as TranslationEvent
from mentra_sdk.handlers import Handler, Subscription
from mentra_sdk.listeners import Listeners

STREAM = "translation"
ANY_LANGUAGE = "auto"


class Translation:
    """What is said near the glasses, in the languages this app asks for."""

    def __init__(self, listeners: Listeners) -> None:
        self._listeners = listeners

    def on(self, handler: Handler[TranslationEvent]) -> Subscription:
        """Call `handler` with every translation that `to` and `from_to` ask for; it asks for none itself."""
        return self._listeners.add(handler, keys=(STREAM,), kind=TranslationEvent, streams=())

    def to(self, target: str | Sequence[str], handler: Handler[TranslationEvent]) -> Subscription:
        """Call `handler` with speech in any language, translated to one such as "es", or to each of several."""
        return self.from_to(ANY_LANGUAGE, target, handler)

    def from_to(
        self, source: str, target: str | Sequence[str], handler: Handler[TranslationEvent]
    ) -> Subscription:
        """Call `handler` with speech in one language, translated to another, or to each of several."""
        targets = (target,) if isinstance(target, str) else target
        keys = tuple(f"{STREAM}:{source}-{each}" for each in targets)
        return self._listeners.add(handler, keys=keys, kind=TranslationEvent, streams=keys)

    @property
    def is_active(self) -> bool:
        """Tell whether there is a handler."""
        return self._listeners.has_any(STREAM)

    def stop(self) -> None:
        """End all handlers."""
        self._listeners.stop(STREAM)
