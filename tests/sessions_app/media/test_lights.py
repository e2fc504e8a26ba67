"""What an app may do with the light of the glasses."""

import pytest

from sessions_app.media.lights import Light, light_problem, read_light
from sessions_app.media.rules import view_problem
from sessions_app.media.usage import HardwareUsage


def test_what_an_app_leaves_out_is_as_the_sdks_have_it() -> None:
    assert read_light("on", None, None, None, None) == Light("on", "red", 1000, 0, 1)
    assert read_light("on", "blue", 0, 5, 3) == Light("on", "blue", 0, 5, 3)


def test_a_light_goes_out_by_itself() -> None:
    assert Light("on", "red", 500, 250, 4).total_seconds == 3


@pytest.mark.parametrize(
    ("light", "problem"),
    [
        (Light("on", "white", 1, 1, 1), ""),
        (Light("blink", "red", 1, 1, 1), "action must be on or off"),
        (Light("on", "violet", 1, 1, 1), "color must be one of red, green, blue, orange, white"),
        (Light("on", "red", -1, 1, 1), "ontime and offtime must be from 0 to 2147483647 ms"),
        (Light("on", "red", 1, float("inf"), 1), "ontime and offtime must be from 0 to 2147483647 ms"),
        (Light("on", "red", 1, 1, -1), "count must be from 0 to 2147483647"),
    ],
)
def test_what_is_wrong_with_a_light(light: Light, problem: str) -> None:
    assert light_problem(light) == problem


@pytest.mark.parametrize(
    ("degrees", "position", "is_good"),
    [
        (62, "center", True),
        (82, "top", True),
        (118.0, "bottom", True),
        (63, "center", False),
        (81.9, "center", False),
        (118.1, "center", False),
        (90, "left", False),
    ],
)
def test_fields_of_view_the_camera_has(degrees: float, position: str, is_good: bool) -> None:
    assert (not view_problem(degrees, position)) is is_good


def test_the_light_is_whose_it_was_last_until_it_goes_out() -> None:
    usage = HardwareUsage()
    assert usage.has_light_of(0) == ""
    usage.switched_on("a.one", 10)
    usage.switched_on("a.two", 20)
    later = HardwareUsage()
    later.restore(usage.snapshot())
    assert (later.has_light_of(19), later.has_light_of(20)) == ("a.two", "")
    later.switched_off()
    assert later.has_light_of(5) == ""


def test_an_app_asks_for_wifi_once_in_ten_seconds() -> None:
    usage = HardwareUsage()
    usage.asked_for_wifi("a.one", 100)
    assert not usage.may_ask_for_wifi("a.one", 109.9)
    assert usage.may_ask_for_wifi("a.two", 109.9)
    assert usage.may_ask_for_wifi("a.one", 110)
