"""`manage.py node`: serve the application on one address until SIGTERM."""

import socket
import sys

from django.core.management.base import BaseCommand, CommandParser

from mentra_site.loading import end_loading
from mentra_site.servers.listener import open_listener
from sessions_app.errors import NodeIdTaken


class Command(BaseCommand):
    """One node; NODE_ID and NODE_PUBLIC_URL say who it is and where app servers reach it."""

    help = "Runs one node: sockets, REST and pages."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--server", choices=("daphne", "uvicorn"), default="daphne")

    def handle(self, *, host: str, port: int, server: str, **_: object) -> None:
        try:
            listener = open_listener(host, port)
        except OSError as error:
            self.stderr.write(f"node: cannot listen on {host} port {port} ({error.strerror}).")
            sys.exit(1)
        serve = _serve_with_uvicorn if server == "uvicorn" else _serve_with_daphne
        try:
            serve(listener)
        except NodeIdTaken as refusal:
            self.stderr.write(f"node: {refusal}")
            sys.exit(1)


def _serve_with_daphne(listener: socket.socket) -> None:
    from mentra_site.servers.reactor import install_uvloop_reactor

    install_uvloop_reactor()
    from mentra_site.asgi import application, lifespan
    from mentra_site.servers.daphne_server import serve

    end_loading()
    serve(application, listener, start=lifespan.start, drain=lifespan.drain)


def _serve_with_uvicorn(listener: socket.socket) -> None:
    from mentra_site.asgi import application, lifespan
    from mentra_site.servers.uvicorn_server import serve

    end_loading()
    serve(application, listener, drain=lifespan.drain)
