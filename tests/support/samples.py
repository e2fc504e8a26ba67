"""The golden messages of sessions_app/protocol/samples, for tests of the wire and of the handlers."""

from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parents[2] / "sessions_app" / "protocol" / "samples"


class Sample(NamedTuple):
    """One file: `type` as its name says it, and its text."""

    name: str
    type: str
    text: str


def list_samples(direction: str) -> list[Sample]:
    """Return the samples of a direction such as `app_to_cloud`, by name."""
    files = sorted((FOLDER / direction).glob("*.json"))
    return [Sample(file.stem, file.name.split(".")[0], file.read_text(encoding="utf-8")) for file in files]
