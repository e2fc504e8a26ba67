"""What leaves by one open socket: who we are, what waits, a ping now and then, the close."""

import asyncio
import contextlib
from collections.abc import Callable

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from mentra_sdk import codec, wire
from mentra_sdk.dialing import Identity
from mentra_sdk.outbox import Outbox
from mentra_sdk.version import SDK_VERSION

NORMAL_CLOSURE = 1000


def introduction(identity: Identity, acked_session_id: str | None) -> str:
    """Return the first message: the one of a session that the cloud knows already, or of a new one (app-socket §3)."""
    now = wire.iso_now()
    if acked_session_id is not None:
        return codec.encode(
            wire.Reconnect(session_id=acked_session_id, sdk_version=SDK_VERSION, timestamp=now)
        )
    return codec.encode(
        wire.ConnectionInit(
            package_name=identity.package_name,
            api_key=identity.api_key,
            sdk_version=SDK_VERSION,
            timestamp=now,
        )
    )


async def write(socket: ClientConnection, outbox: Outbox) -> None:
    """Send what the outbox lets out until the socket closes."""
    with contextlib.suppress(ConnectionClosed):
        while True:
            outgoing = await outbox.take()
            try:
                await socket.send(outgoing.frame)
            except BaseException:
                # The connection broke in the middle of it, and may be back.
                outbox.give_back(outgoing)
                raise


async def ping(socket: ClientConnection, period_seconds: float, is_wanted: Callable[[], bool]) -> None:
    """Send a ping each period in which one is wanted, until the socket closes."""
    with contextlib.suppress(ConnectionClosed):
        while True:
            await asyncio.sleep(period_seconds)
            if is_wanted():
                await socket.send(codec.encode(wire.Ping()))


async def close(socket: ClientConnection, reason: str) -> None:
    """Close the socket as something usual; harmless when it is gone."""
    with contextlib.suppress(ConnectionClosed):
        await socket.close(NORMAL_CLOSURE, reason)
