"""What happens to a session, in the order the author's code sees it."""

import asyncio

from mentra_sdk import MentraSession, MiniAppServer
from mentra_sdk.events import Disconnected
from tests.mentra_sdk.fake_cloud import AppSocket, FakeCloud


class Story:
    """What happened to the session, in the order the author's code saw it."""

    def __init__(self, app: MiniAppServer) -> None:
        self.seen: list[str] = []
        self.over = asyncio.Event()
        self.away = asyncio.Event()
        app.on_session(self._start)
        app.on_stop(self._stop)

    async def _start(self, session: MentraSession) -> None:
        self.seen.append("session")
        session.on_disconnected(self._on_away)
        session.on_reconnected(lambda: self.seen.append("reconnected"))
        session.on_stopped(lambda reason: self.seen.append(f"stopped {reason}"))
        session.device.on_button_press(lambda event: self.seen.append(event.button_id))
        session.display.show_text_wall("Hello")

    async def _on_away(self, event: Disconnected) -> None:
        self.seen.append(f"disconnected {event.code}")
        self.away.set()

    async def _stop(self, session: MentraSession, reason: str) -> None:
        self.seen.append(f"stop {reason}")
        self.over.set()

    async def end(self) -> None:
        async with asyncio.timeout(5):
            await self.over.wait()


async def attach(cloud: FakeCloud, app: MiniAppServer) -> AppSocket:
    socket = await cloud.start(app)
    await socket.accept()
    await socket.next_of("subscription_update")
    return socket
