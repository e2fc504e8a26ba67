"""Settings as operators see them beside what they are about; `settings_in_force.html` shows a list of them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class InForce:
    """A setting and what it means in plain words."""

    name: str
    value: str
    meaning: str
