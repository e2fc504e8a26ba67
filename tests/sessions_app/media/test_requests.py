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
    requests.try_when_reachable("loud", lambda: None)

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
