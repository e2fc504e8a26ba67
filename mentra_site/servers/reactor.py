"""Twisted's reactor on uvloop, to be installed before anything imports the reactor or `daphne.server`."""

import uvloop
from twisted.internet import asyncioreactor


def install_uvloop_reactor() -> None:
    """Make uvloop the event loop of this process's reactor."""
    asyncioreactor.install(uvloop.new_event_loop())  # type: ignore[no-untyped-call]
