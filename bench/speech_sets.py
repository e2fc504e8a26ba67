"""What is spoken to a cloud: real recordings whose words are known, in the sets of the design's table."""

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from sessions_app.simulator.sound import read_wav, silence
from tests.support.recordings import list_recordings

# Between two recordings; long enough to end an utterance.
GAP_SECONDS = 1.5
TWO_CITIES = (
    "It was the best of times, it was the worst of times, it was the age of wisdom, it was the age of foolishness, it"
    " was the epoch of belief, it was the epoch of incredulity, it was the season of light, it was the season of"
    " darkness, it was the spring of hope, it was the winter of despair, we had everything before us, we had nothing"
    " before us, we were all going direct to heaven, we were all going direct the other way. In short, the period was"
    " so far like the present period, that some of its noisiest authorities insisted on its being received, for good"
    " or for evil, in the superlative degree of comparison only."
)
WORSTWARD = "Ever tried. Ever failed. No matter. Try again. Fail again. Fail better."


@dataclass(frozen=True)
class SpeechSet:
    """A name, PCM16 (mono, 16,000 Hz), and the words in it."""

    name: str
    sound: bytes
    text: str

    @property
    def seconds(self) -> float:
        return len(self.sound) / 32_000


def load_sets() -> list[SpeechSet]:
    """Return the sets there are here: A with the repository, B and C with the light engine's package."""
    sets = [_novel()]
    package = find_spec("moonshine_voice")
    if package is not None and package.origin is not None:
        folder = Path(package.origin).parent / "assets"
        sets.append(SpeechSet("B two cities", read_wav(folder / "two_cities.wav"), TWO_CITIES))
        sets.append(SpeechSet("C fail better", read_wav(folder / "beckett.wav"), WORSTWARD))
    return sets


def joined(sets: list[SpeechSet]) -> bytes:
    """Return all sets as one person speaks them, with silence before and after each."""
    pause = silence(GAP_SECONDS)
    return pause + b"".join(each.sound + pause for each in sets)


def _novel() -> SpeechSet:
    parts = [each for each in list_recordings("en") if each.file.startswith("sense_and_sensibility")]
    sound = silence(GAP_SECONDS).join(part.sound() for part in parts)
    return SpeechSet("A novel", sound, " ".join(part.text for part in parts))
