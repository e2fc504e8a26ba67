"""The last act of a single machine: sessions nobody will come back to are disposed properly.

In two steps. While the nodes still run they tell apps and phones; what is left when they have stopped, by a phone
that slipped in or an owner that did not answer, is ended without them.
"""

from collections.abc import Iterable

from django.db import connections


def end_sessions(node_ids: Iterable[str], reason: str) -> None:
    """Let no new socket in and have every session ended by its owner; blocking."""
    from sessions_app.outbound.announcing import announce_closing

    announce_closing(node_ids)
    _dispose(reason, owners_are_gone=False)


def end_what_is_left(reason: str) -> None:
    """Dispose every session that is left after the nodes have stopped, before Redis stops; blocking."""
    _dispose(reason, owners_are_gone=True)


def _dispose(reason: str, *, owners_are_gone: bool) -> None:
    from sessions_app.tasks import dispose_all

    try:
        dispose_all(reason=reason, owners_are_gone=owners_are_gone)
    finally:
        connections.close_all()
