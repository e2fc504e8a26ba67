"""What the phone can be told about the microphone (glasses-socket §5.3). Must not know who listens."""

from typing import Final, NamedTuple


class MicrophoneNeed(NamedTuple):
    """What the phone shall deliver; the content of a microphone_state_change."""

    enabled: bool
    required_data: tuple[str, ...]
    bypass_vad: bool


MICROPHONE_OFF: Final = MicrophoneNeed(False, (), False)
PCM: Final = ("pcm",)
