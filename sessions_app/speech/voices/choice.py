"""Makes voices by the names of SPEECH_VOICES; a module is loaded only when its name is asked for."""

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Final

from sessions_app.speech.engine import VoiceEngine
from sessions_app.speech.voices.reading import Voices

_MAKERS: Final = {
    "hibari": ("sessions_app.speech.voices.hibari", "HibariVoice"),
    "espeak": ("sessions_app.speech.voices.espeak", "EspeakVoice"),
    "elevenlabs": ("sessions_app.speech.voices.elevenlabs", "make_voice"),
}
VOICE_NAMES: Final = tuple(_MAKERS)


def make_voice(name: str) -> VoiceEngine:
    """Return a voice that is not loaded yet; raises ValueError for a name nobody knows."""
    if name not in _MAKERS:
        raise ValueError(f"SPEECH_VOICES: no voice {name!r}; known are {', '.join(VOICE_NAMES)}")
    module, maker = _MAKERS[name]
    voice: VoiceEngine = getattr(import_module(module), maker)()
    return voice


def make_voices(names: Sequence[str], folder: Path, megabytes: int) -> Voices:
    """Return the voices of a deployment in its order, not loaded yet; raises ValueError.

    `folder` keeps what was read, `megabytes` of it at most.
    """
    return Voices([make_voice(name) for name in names], folder, megabytes)
