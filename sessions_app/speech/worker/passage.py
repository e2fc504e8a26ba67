"""An utterance of a channel as the worker knows it; all recognisers of the channel share it."""

from dataclasses import dataclass
from secrets import token_hex

from sessions_app.speech.wire import SAMPLES_A_MILLISECOND


@dataclass(slots=True, eq=False)
class Passage:
    """Its name stays the same for all recognisers and on every worker; positions are samples of the channel."""

    name: str
    begin: int
    voice_begin: int
    voice_end: int
    samples: int = 0

    @property
    def start_ms(self) -> int:
        return self.voice_begin // SAMPLES_A_MILLISECOND

    @property
    def end_ms(self) -> int:
        return max(self.voice_begin, self.voice_end) // SAMPLES_A_MILLISECOND


def new_name() -> str:
    """Return a name that no other utterance has."""
    return token_hex(8)
