"""Hardware an app asks for, and whether some glasses have it. Pure; streams-and-permissions §4 and §6."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from apps_registry.rules.entries import FieldRule, Spot, is_text, problems_in_entry, raise_first, read_entries

FIELD = "hardware_requirements"
NO_GLASSES = "No glasses connected: the hardware cannot be checked."


class HardwareType(StrEnum):
    """Parts of glasses; EXIST asks only that there are glasses."""

    CAMERA = "CAMERA"
    DISPLAY = "DISPLAY"
    MICROPHONE = "MICROPHONE"
    SPEAKER = "SPEAKER"
    IMU = "IMU"
    BUTTON = "BUTTON"
    LIGHT = "LIGHT"
    WIFI = "WIFI"
    EXIST = "EXIST"


class HardwareLevel(StrEnum):
    """How much an app needs a part."""

    REQUIRED = "REQUIRED"
    OPTIONAL = "OPTIONAL"


_CAPABILITY: Mapping[HardwareType, str] = {
    HardwareType.CAMERA: "hasCamera",
    HardwareType.DISPLAY: "hasDisplay",
    HardwareType.MICROPHONE: "hasMicrophone",
    HardwareType.SPEAKER: "hasSpeaker",
    HardwareType.IMU: "hasIMU",
    HardwareType.BUTTON: "hasButton",
    HardwareType.LIGHT: "hasLight",
    HardwareType.WIFI: "hasWifi",
}

_TYPES = tuple(HardwareType)
_LEVELS = tuple(HardwareLevel)
_RULES = (
    FieldRule("type", lambda value: value in _TYPES, f"one of {', '.join(_TYPES)}", required=True),
    FieldRule("level", lambda value: value in _LEVELS, f"one of {', '.join(_LEVELS)}", required=True),
    FieldRule("description", is_text, "a text"),
)


@dataclass(frozen=True, slots=True)
class Requirement:
    """One part an app asks for."""

    type: HardwareType
    level: HardwareLevel
    description: str = ""


@dataclass(frozen=True, slots=True)
class Compatibility:
    """Whether an app can run on some glasses, and what they lack."""

    is_compatible: bool
    missing_required: tuple[Requirement, ...] = ()
    missing_optional: tuple[Requirement, ...] = ()
    warnings: tuple[str, ...] = ()


def validate_hardware(value: object) -> list[Requirement]:
    """Return the requirements, each type once (the last entry wins); raise RegistryError naming the entry."""
    entries = read_entries(FIELD, value)
    for index, entry in enumerate(entries):
        raise_first(problems_in_entry(FIELD, Spot(f"{FIELD} entry {index + 1}", (index,)), entry, _RULES))
    requirements = [
        Requirement(HardwareType(entry["type"]), HardwareLevel(entry["level"]), entry.get("description", ""))
        for entry in entries
    ]
    return list({requirement.type: requirement for requirement in requirements}.values())


def check_hardware(
    requirements: Iterable[Requirement], capabilities: Mapping[str, Any] | None
) -> Compatibility:
    """Compare requirements with a capability profile; without glasses (None) everything may start."""
    wanted = tuple(requirements)
    if not wanted:
        return Compatibility(is_compatible=True)
    if capabilities is None:
        return Compatibility(is_compatible=True, warnings=(NO_GLASSES,))
    missing = [requirement for requirement in wanted if not _has(capabilities, requirement.type)]
    required = tuple(part for part in missing if part.level is HardwareLevel.REQUIRED)
    optional = tuple(part for part in missing if part.level is HardwareLevel.OPTIONAL)
    return Compatibility(not required, required, optional)


def _has(capabilities: Mapping[str, Any], part: HardwareType) -> bool:
    return part is HardwareType.EXIST or bool(capabilities.get(_CAPABILITY[part]))
