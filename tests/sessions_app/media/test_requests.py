"""Open requests are bounded for a session and for each of its apps."""

from sessions_app.media.requests import MOST_OF_AN_APP, MOST_OPEN_REQUESTS, HardwareRequests
from tests.support.fake_clock import FakeClock


def wait(requests: HardwareRequests, package: str, name: str) -> None:
    requests.wait_for(name, package, 10.0, kind="audio", on_answer=lambda _: None, on_timeout=lambda: None)


def test_an_app_that_asks_without_end_leaves_room_for_the_others() -> None:
    requests = HardwareRequests(FakeClock())
    for number in range(MOST_OF_AN_APP - 1):
        wait(requests, "loud", f"loud {number}")
    assert not requests.is_full_for("loud")
    requests.try_when_reachable("loud", lambda: None, lambda: None)

    assert requests.is_full_for("loud")
    assert not requests.is_full_for("quiet")


def test_all_apps_together_are_bounded() -> None:
    requests = HardwareRequests(FakeClock())
    for number in range(MOST_OPEN_REQUESTS):
        wait(requests, f"app {number}", f"request {number}")

    assert requests.is_full_for("another")


def test_room_is_made_by_answers_and_by_time() -> None:
    clock = FakeClock()
    requests = HardwareRequests(clock)
    for number in range(MOST_OF_AN_APP):
        wait(requests, "loud", f"loud {number}")
    assert requests.answered("loud 0", "{}")
    assert not requests.is_full_for("loud")

    clock.advance(11.0)
    assert len(requests) == 0


def test_the_camera_goes_to_whoever_waited_longest() -> None:
    clock, said = FakeClock(), []
    requests = HardwareRequests(clock)

    def photograph(name: str) -> None:
        said.append(name)
        requests.wait_for(
            *(name, "app", 20.0),
            kind="photo",
            on_answer=lambda _: None,
            on_timeout=lambda: said.append("late"),
        )

    photograph("first")
    for name in ("second", "third"):
        requests.try_when_camera_is_free("app", lambda name=name: photograph(name), lambda: None)  # type: ignore[misc]
    assert requests.answered("first", "")
    assert said == ["first", "second"]
    requests.forget("second")
    assert said == ["first", "second", "third"]
    clock.advance(21.0)
    assert said[3:] == ["late"]


def test_what_waits_is_dropped_with_a_word_when_the_session_leaves() -> None:
    said: list[str] = []
    requests = HardwareRequests(FakeClock())
    requests.try_when_reachable("app", lambda: said.append("ran"), lambda: said.append("no phone"))
    requests.try_when_camera_is_free("app", lambda: said.append("ran"), lambda: said.append("no camera"))
    requests.give_up()
    assert said == ["no phone", "no camera"]
    assert len(requests) == 0
