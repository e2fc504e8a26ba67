"""Hardware: what may be asked for and when glasses have it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps_registry.errors import RegistryError
from apps_registry.rules import HardwareLevel, HardwareType, Requirement, check_hardware
from apps_registry.rules.hardware import NO_GLASSES, validate_hardware

CAMERA = Requirement(HardwareType.CAMERA, HardwareLevel.REQUIRED, "to see")
WIFI = Requirement(HardwareType.WIFI, HardwareLevel.OPTIONAL)
GLASSES = {"modelName": "Even Realities G1", "hasCamera": False, "hasDisplay": True, "hasWifi": False}

REQUIREMENTS = st.lists(
    st.builds(Requirement, st.sampled_from(list(HardwareType)), st.sampled_from(list(HardwareLevel)))
)


def test_requirements_are_read() -> None:
    read = validate_hardware(
        [
            {"type": "CAMERA", "level": "REQUIRED", "description": "to see"},
            {"type": "WIFI", "level": "OPTIONAL"},
        ]
    )
    assert read == [CAMERA, WIFI]


def test_the_last_entry_of_a_type_wins() -> None:
    read = validate_hardware([{"type": "WIFI", "level": "REQUIRED"}, {"type": "WIFI", "level": "OPTIONAL"}])
    assert read == [WIFI]


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        ({"type": "NOSE", "level": "REQUIRED"}, '"type" must be one of CAMERA'),
        ({"type": ["CAMERA"], "level": "REQUIRED"}, '"type" must be one of CAMERA'),
        ({"level": "REQUIRED"}, '"type" is missing'),
        ({"type": "CAMERA"}, '"level" is missing'),
        ({"type": "CAMERA", "level": "required"}, '"level" must be one of REQUIRED, OPTIONAL'),
        ({"type": "CAMERA", "level": "REQUIRED", "description": 7}, '"description" must be a text'),
        ("CAMERA", "must be an object"),
    ],
)
def test_a_bad_entry_is_named(entry: Any, complaint: str) -> None:
    with pytest.raises(RegistryError) as refused:
        validate_hardware([{"type": "WIFI", "level": "OPTIONAL"}, entry])
    assert "hardware_requirements entry 2" in refused.value.message
    assert complaint in refused.value.message


def test_an_app_that_asks_for_nothing_runs_anywhere() -> None:
    assert check_hardware([], GLASSES).is_compatible
    assert check_hardware([], None).warnings == ()


def test_without_glasses_everything_may_start_with_a_warning() -> None:
    result = check_hardware([CAMERA], None)
    assert result.is_compatible
    assert result.warnings == (NO_GLASSES,)


def test_a_missing_required_part_forbids() -> None:
    result = check_hardware([CAMERA, WIFI], GLASSES)
    assert not result.is_compatible
    assert (result.missing_required, result.missing_optional) == ((CAMERA,), (WIFI,))


def test_a_missing_optional_part_is_only_told() -> None:
    result = check_hardware([WIFI], GLASSES)
    assert result.is_compatible
    assert result.missing_optional == (WIFI,)


def test_glasses_exist_when_there_is_a_profile() -> None:
    exist = Requirement(HardwareType.EXIST, HardwareLevel.REQUIRED)
    assert check_hardware([exist], {}).is_compatible


@given(REQUIREMENTS)
def test_glasses_with_everything_run_everything(requirements: list[Requirement]) -> None:
    names = ["Camera", "Display", "Microphone", "Speaker", "IMU", "Button", "Light", "Wifi"]
    result = check_hardware(requirements, {f"has{name}": True for name in names})
    assert result.is_compatible
    assert not result.missing_optional


@given(REQUIREMENTS)
def test_only_required_parts_forbid(requirements: list[Requirement]) -> None:
    result = check_hardware(requirements, GLASSES)
    assert result.is_compatible == (not result.missing_required)
    assert all(part.level is HardwareLevel.OPTIONAL for part in result.missing_optional)
