"""Which socket a path leads to."""

from typing import Any

from sessions_app.transport.app_consumer import app_socket
from sessions_app.transport.glasses_consumer import glasses_socket
from sessions_app.transport.receiving import Receive

ROUTES = {
    "/glasses-ws": glasses_socket,
    "/ws/client": glasses_socket,
    "/app-ws": app_socket,
    "/ws/miniapp": app_socket,
}


async def application(scope: dict[str, Any], receive: Receive, send: Any) -> None:
    """Serve a WebSocket; an unknown path is refused before the upgrade (HTTP 403 by the ASGI rules)."""
    serve = ROUTES.get(scope["path"].rstrip("/"))
    if serve is None:
        await receive()
        await send({"type": "websocket.close", "code": 1008, "reason": "Unknown WebSocket path"})
        return
    await serve(scope, receive, send)
