"""Opening and closing the WebSocket to a provider, in bounded time and without the key in any log."""

import asyncio
import logging
from contextlib import suppress

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException

from sessions_app.speech.engines.hosted_dialect import (
    Dialect,
    Fault,
    Limits,
    ProviderProblem,
    problem_of_status,
)

# At level DEBUG the library writes down every header, and the key is in one.
_wire_logger = logging.getLogger(f"{__name__}.wire")
_wire_logger.setLevel(logging.INFO)


async def dial(dialect: Dialect, limits: Limits) -> ClientConnection:
    """Return an open connection; raises ProviderProblem."""
    try:
        async with asyncio.timeout(limits.connect):
            return await connect(
                dialect.url,
                additional_headers=dict(dialect.headers()),
                compression=None,
                open_timeout=None,
                ping_interval=None,
                close_timeout=limits.hang_up,
                logger=_wire_logger,
            )
    except InvalidStatus as refusal:
        raise problem_of_status(refusal.response.status_code) from None
    except TimeoutError:
        raise ProviderProblem(Fault.BROKEN, "did not answer in time") from None
    except (OSError, WebSocketException, ValueError) as trouble:
        raise ProviderProblem(Fault.BROKEN, f"cannot be reached ({type(trouble).__name__})") from None


async def hang_up(socket: ClientConnection, farewell: str | None, limits: Limits) -> None:
    """Close a connection, with the provider's own last message if it may still listen."""
    with suppress(ConnectionClosed, TimeoutError):
        async with asyncio.timeout(limits.hang_up):
            if farewell is not None:
                await socket.send(farewell)
            await socket.close()
    socket.transport.abort()
