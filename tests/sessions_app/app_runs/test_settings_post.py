"""An app's server hears of the user's settings in order, the newest only, and again when it did not answer."""

from typing import Any

import pytest

from sessions_app.app_runs.webhooks import HookAnswer
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.protocol.webhooks import SettingsPush
from tests.sessions_app.app_runs.conftest import PlayedServers
from tests.support.fake_clock import FakeClock
from tests.support.runtime import RecordingLink, make_facts, seat_app

Session = tuple[SessionRuntime, RecordingLink, FakeClock]
LONG_SECONDS = 60.0


def values(size: int) -> list[dict[str, Any]]:
    return [{"key": "size", "value": size}]


def told(servers: PlayedServers) -> list[int]:
    """Return the sizes that the server was told, oldest first."""
    return [body.settings[0]["value"] for _, body in servers.calls if isinstance(body, SettingsPush)]


async def test_a_server_that_takes_them_is_called_once(session: Session, servers: PlayedServers) -> None:
    runtime, _, clock = session
    seat, _ = seat_app(runtime, make_facts())
    runtime.apps.post_settings(seat, values(14))
    await clock.pass_time(LONG_SECONDS)
    assert servers.calls[0][0] == "/settings"
    assert told(servers) == [14]


@pytest.mark.parametrize(("status", "calls"), [(None, 3), (500, 3), (429, 3), (404, 1), (400, 1)])
async def test_a_server_in_trouble_is_called_again(
    session: Session, servers: PlayedServers, status: int | None, calls: int
) -> None:
    runtime, _, clock = session
    seat, _ = seat_app(runtime, make_facts())
    servers.answers = [HookAnswer(status, "trouble")]
    runtime.apps.post_settings(seat, values(14))
    await clock.pass_time(LONG_SECONDS)
    assert told(servers) == [14] * calls


async def test_values_that_are_out_of_date_are_not_sent_any_more(
    session: Session, servers: PlayedServers
) -> None:
    runtime, _, clock = session
    seat, _ = seat_app(runtime, make_facts())
    servers.gate.clear()
    for size in (1, 2, 3):
        runtime.apps.post_settings(seat, values(size))
        await clock.pass_time(0)
    servers.gate.set()
    await clock.pass_time(LONG_SECONDS)
    assert told(servers) == [1, 3]


async def test_a_second_try_makes_way_for_newer_values(session: Session, servers: PlayedServers) -> None:
    runtime, _, clock = session
    seat, _ = seat_app(runtime, make_facts())
    servers.answers = [HookAnswer(500), HookAnswer(200)]
    runtime.apps.post_settings(seat, values(1))
    await clock.pass_time(0.5)
    runtime.apps.post_settings(seat, values(2))
    await clock.pass_time(LONG_SECONDS)
    assert told(servers) == [1, 2]


async def test_an_app_that_stopped_is_not_called_again(session: Session, servers: PlayedServers) -> None:
    runtime, _, clock = session
    seat, _ = seat_app(runtime, make_facts())
    servers.answers = [HookAnswer(500)]
    runtime.apps.post_settings(seat, values(1))
    await clock.pass_time(0)
    seat.state = None
    await clock.pass_time(LONG_SECONDS)
    assert told(servers) == [1]
