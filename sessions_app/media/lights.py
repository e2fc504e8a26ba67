"""What an app may do with the light of the glasses (media.md §7). The light that tells of recording is not among it."""

from dataclasses import dataclass
from typing import Final

ON: Final = "on"
OFF: Final = "off"
COLORS: Final = ("red", "green", "blue", "orange", "white")
# As the official SDKs fill in what an app leaves out.
USUAL_COLOR: Final = "red"
USUAL_ON_MS: Final = 1000
# The glasses keep times in 32 bits.
LONGEST_MS: Final = 2**31 - 1
MOST_TIMES: Final = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Light:
    """On or off; when on, so many times, with times in milliseconds."""

    action: str
    color: str
    on_ms: float
    off_ms: float
    count: float

    @property
    def total_seconds(self) -> float:
        """How long it goes on by itself."""
        return (self.on_ms + self.off_ms) * self.count / 1000


def read_light(
    action: str, color: str | None, on_ms: float | None, off_ms: float | None, count: float | None
) -> Light:
    """Return what an app asks for, with what it left out."""
    return Light(
        action,
        color or USUAL_COLOR,
        USUAL_ON_MS if on_ms is None else on_ms,
        0 if off_ms is None else off_ms,
        1 if count is None else count,
    )


def light_problem(light: Light) -> str:
    """Return what is wrong with a wish for light, as a sentence; empty when nothing is."""
    if light.action not in (ON, OFF):
        return f"action must be {ON} or {OFF}"
    if light.color not in COLORS:
        return f"color must be one of {', '.join(COLORS)}"
    if not (0 <= light.on_ms <= LONGEST_MS and 0 <= light.off_ms <= LONGEST_MS):
        return f"ontime and offtime must be from 0 to {LONGEST_MS} ms"
    if not 0 <= light.count <= MOST_TIMES:
        return f"count must be from 0 to {MOST_TIMES}"
    return ""
