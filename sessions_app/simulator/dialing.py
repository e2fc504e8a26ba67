"""Opening the glasses socket as a phone does (glasses-socket §1), with every refusal in one sentence."""

import json
import ssl
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus, WebSocketException

from sessions_app.simulator.errors import Refused, Unreachable

SOCKET_PATH = "/glasses-ws"
CLOSE_SECONDS = 2
MAX_SHOWN_CHARACTERS = 200


def socket_url(url: str) -> str:
    """Return the WebSocket address for the address of a cloud, adding scheme and path where they miss."""
    scheme = {"http": "ws", "https": "wss"}
    parts = urlsplit(url if "://" in url else f"ws://{url}")
    path = parts.path if parts.path.strip("/") else SOCKET_PATH
    return parts._replace(scheme=scheme.get(parts.scheme, parts.scheme), path=path).geturl()


async def dial(
    url: str, token: str, timeout_seconds: float, trusts: ssl.SSLContext | None = None
) -> ClientConnection:
    """Open the socket at `url`; raises Refused when the upgrade is, Unreachable otherwise.

    By TLS whoever the machine trusts is trusted, or what `trusts` says.
    """
    try:
        return await connect(
            url,
            additional_headers={"Authorization": f"Bearer {token}"},
            open_timeout=timeout_seconds,
            close_timeout=CLOSE_SECONDS,
            ping_interval=None,
            compression=None,
            max_size=None,
            proxy=None,
            ssl=(trusts or True) if url.startswith("wss:") else None,
        )
    except InvalidStatus as refusal:
        raise Refused(_explain(refusal)) from refusal
    except TimeoutError as late:
        raise Unreachable(f"{url} did not answer within {timeout_seconds:g} s.") from late
    except (OSError, ValueError, WebSocketException) as problem:
        cause = "connection refused" if isinstance(problem, ConnectionRefusedError) else problem
        raise Unreachable(f"No cloud answers at {url}: {cause}.") from problem


def _explain(refusal: InvalidStatus) -> str:
    response = refusal.response
    text = (response.body or b"").decode(errors="replace").strip()[:MAX_SHOWN_CHARACTERS]
    try:
        text = json.loads(text)["message"]
    except (ValueError, KeyError, TypeError):
        text = text or response.reason_phrase
    return f"The cloud refused the connection with HTTP {response.status_code}: {text}."
