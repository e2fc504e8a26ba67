"""A phone that finds its session ending gets a fresh one at once, and its apps hear of the end before the start.

Both sessions of an app have the same id, "<userId>-<packageName>": a stop that came late would end the new one.
"""

import asyncio

from aiohttp import web

from tests.support.app_server import AppServer
from tests.support.stage import Person, RawMiniApp, Stage


class SlowServer(AppServer):
    """Takes webhooks as any other, but answers none of them while `open` is not set."""

    def __init__(self) -> None:
        super().__init__()
        self.open = asyncio.Event()
        self.open.set()

    async def stop(self) -> None:
        self.open.set()
        await super().stop()

    async def _on_webhook(self, request: web.Request) -> web.Response:
        answer = await super()._on_webhook(request)
        await self.open.wait()
        return answer


async def _slow_app(stage: Stage, owner: Person) -> tuple[RawMiniApp, SlowServer]:
    server = SlowServer()
    record = await stage.register([owner], port=server.port)
    await server.start()
    stage.at_end(server.stop)
    return RawMiniApp(record, server, []), server


async def _end(stage: Stage, person: Person) -> "asyncio.Task[dict[str, object]]":
    """Have the person's session disposed from outside; return the command under way."""
    return asyncio.create_task(asyncio.to_thread(stage.cloud.dispose_session, person.email, "manual"))


async def test_an_app_is_started_anew_only_when_its_server_took_the_stop(stage: Stage) -> None:
    ada = await stage.person()
    app, server = await _slow_app(stage, ada)
    quick = await stage.raw_app(ada)
    first = await stage.phone(ada)
    old = [await stage.start_a(first, ada, app), await stage.start_a(first, ada, quick)]
    server.open.clear()

    ending = await _end(stage, ada)
    await server.webhooks.take(type="stop_request", reason="system_stop")
    fresh = await stage.phone(ada)
    await quick.join_a(ada)

    assert not server.webhooks.seen(type="session_request")[1:], "started before its stop was answered"
    assert not ending.done()
    server.open.set()
    again = await app.join_a(ada)
    await fresh.take("app_started", packageName=app.package_name)
    ended = await ending
    assert (ended["state"], ended["disposeReason"]) == ("DISPOSED", "manual")
    for socket in old:
        await socket.closed()
    assert again.is_open()
    for each in (server, quick.server):
        calls = [call["type"] for call in each.webhooks.history]
        assert calls == ["session_request", "stop_request", "session_request"]
    row = await stage.session(ada)
    assert row is not None
    assert (row["state"], row["reconnects"]) == ("ACTIVE", 0)
    assert row["id"] != ended["id"]


async def test_a_server_that_does_not_answer_delays_its_own_app_only_and_not_for_ever(stage: Stage) -> None:
    ada = await stage.person()
    app, server = await _slow_app(stage, ada)
    first = await stage.phone(ada)
    await stage.start_a(first, ada, app)
    server.open.clear()

    ending = await _end(stage, ada)
    await server.webhooks.take(type="stop_request")
    fresh = await stage.phone(ada)
    invitation = await app.invitation(ada, 15)

    calls = [call["type"] for call in server.webhooks.history]
    assert calls == ["session_request", "stop_request", "session_request"]
    server.open.set()
    socket = await app.dial_a(invitation["websocketUrl"])
    await socket.init_a(app.session_id(ada), app.package_name, app.record.api_key)
    await socket.take("tpa_connection_ack")
    await fresh.take("app_started", packageName=app.package_name)
    await ending
    assert socket.is_open()
