"""The owner's part of a disposal (lifecycle §2): every part of the hot state ends, whatever the others did."""

import logging
from collections.abc import Awaitable, Callable

from sessions_app.lifecycle import residents
from sessions_app.lifecycle.reconciling import keep_counts
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.outbound import owner
from sessions_app.protocol.codes import CloseCode, CloseReason, StopReason

logger = logging.getLogger(__name__)

Step = Callable[[SessionRuntime], Awaitable[None]]


async def end_runtime(runtime: SessionRuntime, reason: str) -> list[str]:
    """Tear the hot state of a session down; return the names of the steps that failed."""
    logger.info("%s: the session ends (%s)", runtime.ref.user_id, reason)
    runtime.upkeep.is_ending = True
    # From here on a phone of this user gets a fresh session.
    residents.release(runtime)
    failed = []
    for name, step in _STEPS:
        try:
            await step(runtime)
        except Exception:
            logger.exception("%s: the step %r of a disposal failed", runtime.ref.user_id, name)
            failed.append(name)
    return failed


async def _stop_apps(runtime: SessionRuntime) -> None:
    await runtime.apps.stop_all(StopReason.SYSTEM_STOP, "The user's session ended")


async def _stop_sound(runtime: SessionRuntime) -> None:
    runtime.audio.close()
    runtime.ears.close()


async def _stop_display(runtime: SessionRuntime) -> None:
    runtime.screen.close()


async def _answer_requests(runtime: SessionRuntime) -> None:
    """Tell apps, while they can still be told, that what they asked of phone and glasses will not come."""
    runtime.requests.give_up()


async def _end_camera(runtime: SessionRuntime) -> None:
    """End the live video while phone and apps can still be told, and give its place back."""
    runtime.camera.end("The session ended")
    await runtime.camera.settled()


async def _drop_requests(runtime: SessionRuntime) -> None:
    runtime.requests.close()


async def _keep_counts(runtime: SessionRuntime) -> None:
    keep_counts(runtime)


async def _close_phone(runtime: SessionRuntime) -> None:
    link, runtime.phone.link = runtime.phone.link, None
    if link is not None:
        link.close(CloseCode.NORMAL, CloseReason.SESSION_DISPOSED)


async def _forget(runtime: SessionRuntime) -> None:
    owner.disown(runtime.ref.session_id)
    runtime.close()


async def _stop_tasks(runtime: SessionRuntime) -> None:
    await runtime.upkeep.close()


_STEPS: tuple[tuple[str, Step], ...] = (
    ("answers", _answer_requests),
    ("camera", _end_camera),
    ("apps", _stop_apps),
    ("sound", _stop_sound),
    ("display", _stop_display),
    ("requests", _drop_requests),
    ("counters", _keep_counts),
    ("phone", _close_phone),
    ("registers", _forget),
    ("tasks", _stop_tasks),
)
