"""What the camera of a session touches outside itself. No logic."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Protocol

from sessions_app.clock import Clock
from sessions_app.media_servers.server import MediaServer
from sessions_app.protocol.base import ToGlasses
from sessions_app.protocol.fragments import StreamStats
from sessions_app.states import SessionRef
from sessions_app.streaming.stream import Stream


class Tell(Protocol):
    """Tells everybody concerned how a stream stands; `stats` pass although nothing changed."""

    def __call__(self, stream: Stream, stats: StreamStats | None = None) -> None: ...


@dataclass(frozen=True, slots=True)
class Around:
    """`send` says whether the phone was there; `uses_old_names` whether it knows the words of 2025 only.

    `ways` are the kinds of live video that the profile of the glasses names, None when it names none; `keep` has a
    stream stored; `media_server` is None where none is configured; `spawn` starts a task of the session.
    """

    ref: SessionRef
    clock: Clock
    send: Callable[[ToGlasses], bool]
    uses_old_names: Callable[[], bool]
    ways: Callable[[], list[str] | None]
    tell: Tell
    keep: Callable[[Stream], None]
    spawn: Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]]
    media_server: Callable[[], MediaServer | None]
