"""An app in Python stores something, its very last words included; it is there in the user's next session."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from mentra_sdk import MentraSession, MiniAppServer
from tests.support.cloud import RegisteredApp
from tests.support.ports import free_port
from tests.support.stage import Stage

SECONDS = 8


@asynccontextmanager
async def counting(
    record: RegisteredApp, port: int, found: asyncio.Queue[dict[str, str]]
) -> AsyncIterator[None]:
    """Serve an app that counts its sessions, notes how the last one ended, and tells what it found."""
    app = MiniAppServer(package_name=record.package_name, api_key=record.api_key, port=port)

    @app.on_session
    async def count(session: MentraSession) -> None:
        stored = await session.storage.all()
        session.storage.set("count", str(int(stored.get("count", "0")) + 1))
        await found.put(stored)

    @app.on_stop
    def last_words(session: MentraSession, reason: str) -> None:
        session.storage.set("end", reason)

    await app.start()
    try:
        yield
    finally:
        await app.stop()


async def test_what_an_app_stored_is_there_in_the_next_session(stage: Stage) -> None:
    ada, port = await stage.person(), free_port()
    record = await stage.register([ada], port=port)
    phone = await stage.phone(ada)
    found: asyncio.Queue[dict[str, str]] = asyncio.Queue()
    for expected in ({}, {"count": "1", "end": "user_disabled"}):
        async with counting(record, port, found), asyncio.timeout(SECONDS):
            await phone.send("start_app", packageName=record.package_name)
            assert await found.get() == expected
            await phone.send("stop_app", packageName=record.package_name)
            await phone.take("app_stopped", packageName=record.package_name)
