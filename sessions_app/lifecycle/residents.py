"""The sessions this node owns, by id and by user."""

from collections.abc import Iterator

from sessions_app.lifecycle.runtime import SessionRuntime

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
