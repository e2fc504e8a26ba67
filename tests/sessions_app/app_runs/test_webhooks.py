"""How a call to an app's server ends, against a real HTTP server (lifecycle §4.3)."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from sessions_app.app_runs.webhooks import AppServers, HookAnswer
from sessions_app.protocol.webhooks import SettingsPush
from tests.support.app_server import AppServer
from tests.support.ports import free_port


@pytest.fixture
async def servers() -> AsyncIterator[AppServers]:
    """The client under test."""
    client = AppServers()
    yield client
    await client.close()


async def call(servers: AppServers, url: str, timeout_seconds: float = 5) -> HookAnswer:
    body = SettingsPush(user_id_for_settings="ada@example.com", settings=[])
    return await servers.post(url, "/webhook", body, secrets=["s" * 64], timeout_seconds=timeout_seconds)


@pytest.mark.parametrize(
    ("status", "ok", "final"), [(200, True, False), (404, False, True), (503, False, False)]
)
async def test_an_answer_is_judged_by_its_status(
    servers: AppServers, status: int, ok: bool, final: bool
) -> None:
    async with AppServer() as server:
        server.status = status
        answer = await call(servers, server.url)
    assert (answer.status, answer.ok, answer.is_final, str(answer)) == (status, ok, final, f"HTTP {status}")


@pytest.mark.parametrize("status", [429, 503])
async def test_the_patience_a_server_asks_for_is_read(servers: AppServers, status: int) -> None:
    until = format_datetime(datetime.now(UTC) + timedelta(seconds=40), usegmt=True)
    for header, least, most in [("7", 7, 7), (until, 20, 40), ("99999", 90, 90)]:
        async with AppServer() as server:
            server.status, server.headers = status, {"Retry-After": header}
            answer = await call(servers, server.url)
        assert answer.retry_after_seconds is not None
        assert least <= answer.retry_after_seconds <= most
        assert not answer.is_final


async def test_nobody_listening_and_nobody_answering_are_told_apart(servers: AppServers) -> None:
    nobody = await call(servers, f"http://127.0.0.1:{free_port()}")
    assert (nobody.status, nobody.timed_out, nobody.is_final) == (None, False, False)
    assert str(nobody)
    async with AppServer() as server:
        server.delay_seconds = 30
        silent = await call(servers, server.url, timeout_seconds=0.2)
    assert (silent.status, silent.timed_out, str(silent)) == (None, True, "no answer within 0.2 s")


@pytest.mark.parametrize(
    "url", ["", "nonsense", "http://127.0.0.1:99999", "http://[::1", "ftp://example.com"]
)
async def test_an_impossible_address_is_a_failed_call(servers: AppServers, url: str) -> None:
    answer = await call(servers, url)
    assert answer.status is None
    assert str(answer)
