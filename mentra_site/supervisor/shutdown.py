"""The last act of a single machine: sessions nobody will come back to are disposed properly."""

from django.db import connections


def dispose_everything(reason: str) -> None:
    """Dispose every session that is left; blocking. Runs after the nodes have let go, before Redis stops."""
    from sessions_app.tasks import dispose_all

    try:
        dispose_all(reason=reason)
    finally:
        connections.close_all()
