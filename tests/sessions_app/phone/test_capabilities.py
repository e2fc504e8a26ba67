"""What the models of glasses can do."""

import pytest

from sessions_app.phone.capabilities import PROFILES, find_capabilities

PARTS = ("camera", "display", "microphone", "speaker", "button", "light")


@pytest.mark.parametrize(
    ("model", "present"),
    [
        ("Even Realities G1", {"display", "microphone"}),
        ("Even Realities G2", {"display", "microphone", "button"}),
        ("Mentra Display", {"display", "microphone"}),
        ("Mentra Live", {"camera", "microphone", "speaker", "button", "light"}),
        ("Simulated Glasses", {"display", "microphone", "speaker", "button"}),
        ("Vuzix Z100", {"display"}),
        ("Mentra Mach1", {"display"}),
        ("None", set()),
    ],
)
def test_each_model_has_its_parts(model: str, present: set[str]) -> None:
    profile = find_capabilities(model)
    assert profile is not None
    assert {part for part in PARTS if profile[f"has{part.capitalize()}"]} == present


def test_every_profile_is_complete() -> None:
    for profile in PROFILES.values():
        assert {f"has{part.capitalize()}" for part in PARTS} | {"hasIMU", "hasWifi"} <= profile.keys()
        assert {*PARTS, "imu", "power", "modelName"} <= profile.keys()
        assert all(profile[part] is not None for part in PARTS if profile[f"has{part.capitalize()}"])


@pytest.mark.parametrize("model", ["", "Brilliant Frame", "mentra live"])
def test_an_unknown_model_has_no_profile(model: str) -> None:
    assert find_capabilities(model) is None
