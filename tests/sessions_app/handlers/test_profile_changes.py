"""A profile that operators change reaches the sessions of a node while they run."""

import json
from collections.abc import Iterator

import pytest

from sessions_app.handlers import profile_changes
from sessions_app.handlers.dispatch import dispatch_from_glasses
from sessions_app.handlers.profile_changes import follow_profiles
from sessions_app.lifecycle import residents
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.phone.capabilities import PROFILES, Profiles, find_capabilities, known_profiles, use_added
from sessions_app.phone.profile_rules import empty_profile
from tests.support.fake_clock import FakeClock
from tests.support.runtime import RecordingLink, make_facts, seat_app

Session = tuple[SessionRuntime, RecordingLink, FakeClock]
PEBBLES = {**empty_profile("Pebbles"), "hasWifi": True}


@pytest.fixture
def added(monkeypatch: pytest.MonkeyPatch) -> Iterator[Profiles]:
    """What operators added; afterwards nothing of it is left in this process."""
    rows: Profiles = {}
    monkeypatch.setattr(profile_changes, "list_added", lambda: rows)
    monkeypatch.setattr(profile_changes, "in_database", call)
    yield rows
    use_added({})


async def call(work: object, *_: object) -> object:
    assert callable(work)
    return work()


async def test_apps_hear_what_their_glasses_can_do_now(session: Session, added: Profiles) -> None:
    runtime, _, clock = session
    residents.admit(runtime)
    try:
        _, link = seat_app(runtime, make_facts())
        connected = {"type": "glasses_connection_state", "modelName": "Pebbles", "status": "CONNECTED"}
        dispatch_from_glasses(runtime, json.dumps(connected))
        clock.advance(1)
        assert link.of_type("capabilities_update")[-1]["capabilities"] is None

        added["Pebbles"] = PEBBLES
        await follow_profiles()
        clock.advance(1)
        assert link.of_type("capabilities_update")[-1]["capabilities"] == PEBBLES
        await follow_profiles()
        added["Another"] = {**PEBBLES, "modelName": "Another"}
        await follow_profiles()
        clock.advance(1)
        assert len(link.of_type("capabilities_update")) == 2

        added.clear()
        await follow_profiles()
        assert link.of_type("capabilities_update")[-1]["capabilities"] is None
    finally:
        residents.release(runtime)


def test_what_operators_say_goes_before_what_came_along(added: Profiles) -> None:
    slower = {**PROFILES["Mentra Live"], "hasWifi": False}
    assert use_added({"Mentra Live": slower, "Pebbles": PEBBLES}) == {"Mentra Live", "Pebbles"}
    assert find_capabilities("Mentra Live") is slower
    assert list(known_profiles())[-1] == "Pebbles"
    assert use_added({"Pebbles": PEBBLES}) == {"Mentra Live"}
    assert find_capabilities("Mentra Live") == PROFILES["Mentra Live"]
