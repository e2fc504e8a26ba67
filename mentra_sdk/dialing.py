"""Opening a WebSocket to the cloud (app-socket §2) within the limits of `Timing`."""

import contextlib
import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from mentra_sdk.errors import ConnectionFailed
from mentra_sdk.version import SDK_VERSION

MOST_MESSAGE_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True)
class Timing:
    """How long a connection waits for what, in seconds.

    The retries span a minute, longer than a restart of the cloud takes; a start webhook for a session that
    is waiting between two of them makes it try at once.
    """

    open_seconds: float = 10
    ack_seconds: float = 30
    ping_seconds: float = 15
    silence_seconds: float = 50
    close_seconds: float = 2
    retry_delays_seconds: tuple[float, ...] = (1, 2, 4, 8, 15, 30)


@dataclass(frozen=True)
class Identity:
    """Who connects for whom."""

    user_id: str
    session_id: str
    package_name: str
    api_key: str


async def dial(url: str, identity: Identity, timing: Timing) -> ClientConnection:
    """Open a socket that names its app and user in its headers; raises ConnectionFailed."""
    headers = {
        "x-user-id": identity.user_id,
        "x-session-id": identity.session_id,
        "x-package-name": identity.package_name,
        "x-api-key": identity.api_key,
    }
    try:
        return await connect(
            url,
            additional_headers=headers,
            user_agent_header=f"mentra-sdk/{SDK_VERSION}",
            open_timeout=timing.open_seconds,
            close_timeout=timing.close_seconds,
            ping_interval=None,
            compression=None,
            max_size=MOST_MESSAGE_BYTES,
            proxy=None if is_loopback(url) else True,
        )
    except (OSError, ValueError, WebSocketException) as problem:
        raise ConnectionFailed(f"{url} cannot be opened: {problem}") from problem


def is_loopback(url: str) -> bool:
    """Tell whether `url` points to this machine, where no proxy belongs in between."""
    host = urlsplit(url).hostname or ""
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host == "localhost"
