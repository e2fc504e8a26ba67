"""Who hears a session's sound: the apps that asked for it, and recognisers. Fields and one branch, no decisions."""

from dataclasses import dataclass, field
from typing import Final

from sessions_app.protocol.codes import ErrorCode
from sessions_app.speech.node.session import SessionSpeech
from sessions_app.streams.relay import Relay

KEEP_SECONDS: Final = 10.0


@dataclass(slots=True, eq=False)
class Ears:
    """`told` is what apps were told to be wrong with their speech, by package: subjects and codes."""

    relay: Relay
    speech: SessionSpeech
    told: dict[str, frozenset[tuple[str, ErrorCode]]] = field(default_factory=dict)

    def audio(self, frame: bytes) -> None:
        """Take a frame of PCM16, mono, 16 kHz."""
        self.relay.audio(frame)
        self.speech.audio(frame)

    def leave(self) -> None:
        """Let go here; the worker keeps the recognisers for the session's next owner."""
        self.speech.close(keep_seconds=KEEP_SECONDS)

    def close(self) -> None:
        """Nobody hears this session any more."""
        self.speech.close()
