"""Probes ask a media server now and then, not each time."""

import pytest

from sessions_app.media_servers import looking
from sessions_app.media_servers.looking import MOST_SHOWN, Probe, look_at_server
from sessions_app.media_servers.server import MediaServerError
from tests.support.media_server import QUIET, MemoryMediaServer


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> MemoryMediaServer:
    fake = MemoryMediaServer()
    monkeypatch.setattr(looking, "media_server", lambda: fake)
    return fake


async def test_what_was_found_holds_for_a_while(
    server: MemoryMediaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    probe = Probe()
    assert await probe.problem() == ""
    server.failure = MediaServerError("UNAVAILABLE", "away")
    assert await probe.problem() == ""

    monkeypatch.setattr(looking, "_FRESH_SECONDS", -1.0)
    assert await probe.problem() == "away"


async def test_no_more_is_asked_than_is_shown(server: MemoryMediaServer) -> None:
    server.inputs = {f"input {number}": QUIET for number in range(MOST_SHOWN + 5)}

    view = await look_at_server()

    assert view is not None
    assert (view.count, len(view.inputs)) == (MOST_SHOWN + 5, MOST_SHOWN)


async def test_without_one_there_is_nothing_to_see(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "media_server", lambda: None)

    assert await look_at_server() is None
