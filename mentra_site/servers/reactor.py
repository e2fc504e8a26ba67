"""Twisted's reactor on uvloop, to be installed before anything imports the reactor or `daphne.server`."""

import errno
import os
import socket
from typing import Any

import uvloop
from twisted.internet.asyncioreactor import AsyncioSelectorReactor
from twisted.internet.error import ConnectionLost
from twisted.internet.main import installReactor


class NodeReactor(AsyncioSelectorReactor):
    """Notices connections that were reset while something they had sent was still to be read.

    uvloop calls the reader of such a connection once and never again, while Twisted reads once for each call: it
    would take what was sent and wait for ever for the news that the peer is gone.
    """

    def _readOrWrite(self, selectable: Any, read: bool) -> None:  # noqa: N802, FBT001
        super()._readOrWrite(selectable, read)  # type: ignore[no-untyped-call]
        if read and selectable in self._readers:
            problem = _problem_of(selectable)
            if problem:
                reset = ConnectionLost(os.strerror(problem))
                self._disconnectSelectable(selectable, reset, True)  # type: ignore[no-untyped-call]


def _problem_of(selectable: Any) -> int:
    """Return the error number that waits at the socket of a connection, 0 if there is none."""
    connection = getattr(selectable, "socket", None)
    if connection is None:
        return 0
    try:
        problem: int = connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    except OSError:
        return errno.EBADF
    return problem


def install_uvloop_reactor() -> None:
    """Make uvloop the event loop of this process's reactor."""
    installReactor(NodeReactor(uvloop.new_event_loop()))  # type: ignore[no-untyped-call]
