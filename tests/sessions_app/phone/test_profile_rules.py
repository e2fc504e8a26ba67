"""What a profile that operators write must be."""

from typing import Any

import pytest

from sessions_app.phone.capabilities import PROFILES
from sessions_app.phone.profile_rules import empty_profile, profile_problem

LIVE = PROFILES["Mentra Live"]


@pytest.mark.parametrize("model", PROFILES)
def test_the_profiles_of_the_sdk_are_good(model: str) -> None:
    assert profile_problem(PROFILES[model]) == ""


def test_glasses_may_be_able_to_do_nothing() -> None:
    assert profile_problem(empty_profile("Pebbles")) == ""


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"hasCamera": "yes"}, "Expected `bool`, got `str` - at `$.hasCamera`."),
        ({"hasWifi": None}, "Expected `bool`, got `null` - at `$.hasWifi`."),
        ({"power": {}}, "Object missing required field `hasExternalBattery` - at `$.power`."),
        ({"hasWiFi": True}, "Object contains unknown field `hasWiFi`."),
        ({"camera": None}, "Apps ask what the camera can do"),
        (
            {"light": {"lights": [{"id": "a", "purpose": "fun", "isFullColor": True}]}},
            "Invalid enum value 'fun'",
        ),
        ({"button": {"buttons": [{"type": "knob", "events": []}]}}, "Invalid enum value 'knob'"),
        ({"display": {"resolution": {"width": 0, "height": 1}}}, "Expected `int` >= 1"),
        ({"modelName": ""}, "Expected `str` of length >= 1"),
    ],
)
def test_what_sdks_could_not_read_is_named(changes: dict[str, Any], said: str) -> None:
    assert profile_problem({**LIVE, **changes}).startswith(said)


@pytest.mark.parametrize("profile", [None, [], "x", 7])
def test_a_profile_is_an_object(profile: object) -> None:
    assert profile_problem(profile) == "A profile is a JSON object."


@pytest.mark.parametrize("name", LIVE)
def test_nothing_may_be_missing(name: str) -> None:
    short = {key: value for key, value in LIVE.items() if key != name}
    assert profile_problem(short) == f"Object missing required field `{name}`."
