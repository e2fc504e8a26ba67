"""Sockets whose API key expired, or was revoked without this node having heard of it, do not stay open."""

from apps_registry.selectors import list_refused_keys
from sessions_app.app_runs.key_end import close_for_key
from sessions_app.clock import SystemClock
from sessions_app.database import in_database
from sessions_app.transport import app_sockets

_clock = SystemClock()


async def close_sockets_of_refused_keys() -> None:
    """Look at the keys of all app sockets of this node in one query; close those that came with a bad one."""
    sockets = [socket for socket in app_sockets.seated() if socket.link.is_open]
    if not sockets:
        return
    refused = await in_database(list_refused_keys, {socket.hello.key_id for socket in sockets})
    for socket in sockets:
        if socket.hello.key_id in refused and socket.link.is_open:
            close_for_key(socket.link, socket.hello.family, _clock)
