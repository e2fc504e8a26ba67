"""The sessions this node owns, by id and by user."""

from collections.abc import Iterator

from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.outbound import metrics

_by_id: dict[str, SessionRuntime] = {}
_by_user: dict[int, SessionRuntime] = {}


def admit(runtime: SessionRuntime) -> None:
    """Note that this node owns the session now."""
    _by_id[runtime.ref.session_id] = runtime
    _by_user[runtime.ref.user_pk] = runtime


def release(runtime: SessionRuntime) -> None:
    """Forget the session, unless a newer one of the same user took its place."""
    if _by_id.get(runtime.ref.session_id) is runtime:
        del _by_id[runtime.ref.session_id]
    if _by_user.get(runtime.ref.user_pk) is runtime:
        del _by_user[runtime.ref.user_pk]


def find(session_id: str) -> SessionRuntime | None:
    """Return the runtime of a session, if this node owns it."""
    return _by_id.get(session_id)


def find_of_user(user_pk: int) -> SessionRuntime | None:
    """Return the runtime of a user's session, if this node owns it."""
    return _by_user.get(user_pk)


def residents() -> Iterator[SessionRuntime]:
    """Yield every runtime of this node."""
    yield from list(_by_id.values())


metrics.watch("sessions", lambda: len(_by_id))
metrics.watch("apps", lambda: sum(1 for runtime in residents() for _ in runtime.apps))
metrics.watch("hardware_requests", lambda: sum(len(runtime.requests) for runtime in residents()))
metrics.watch("speaker_streams", lambda: sum(len(runtime.speaker) for runtime in residents()))
metrics.watch("speech_channels", lambda: sum(runtime.ears.speech.is_open for runtime in residents()))
metrics.watch("camera_streams", lambda: sum(runtime.camera.stream is not None for runtime in residents()))
metrics.watch("session_tasks", lambda: sum(runtime.upkeep.task_count for runtime in residents()))
metrics.watch("unwritten_rows", lambda: sum(runtime.upkeep.journal.waiting_count for runtime in residents()))
