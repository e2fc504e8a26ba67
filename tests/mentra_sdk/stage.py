"""An attached session, for the tests of what an app's author does with it."""

import asyncio
from typing import Any

from mentra_sdk import MentraSession
from tests.mentra_sdk.fake_cloud import AppSocket, FakeCloud
from tests.support.socket_server import Message

COMMON = ("type", "packageName", "sessionId", "timestamp", "requestId")


def content(message: Message) -> Message:
    """Return what a message of the app says besides what each says."""
    return {name: value for name, value in message.items() if name not in COMMON}


class Stage:
    """An attached session and the cloud's end of its socket."""

    def __init__(self, session: MentraSession, socket: AppSocket) -> None:
        self.session = session
        self.socket = socket
        self.seen: list[Any] = []

    async def subscriptions(self) -> list[str]:
        streams: list[str] = (await self.socket.next_of("subscription_update"))["subscriptions"]
        return streams

    async def reconnect(self, cloud: FakeCloud) -> None:
        """Break the connection and take the next one."""
        self.socket.drop()
        self.socket = await cloud.next_socket()
        await self.socket.accept("reconnect_ack")
        await self.socket.next_of("subscription_update")

    async def settle(self) -> None:
        """Return when the app has handled everything sent so far."""
        marker = asyncio.Event()
        subscription = self.session.on_error(lambda error: marker.set())
        await self.socket.send("tpa_connection_error", code="MARKER", message="")
        async with asyncio.timeout(5):
            await marker.wait()
        subscription.cancel()
