"""`manage.py speech_worker`: recognise, translate and speak for the nodes of this deployment until SIGTERM."""

import asyncio
import os
import sys

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from sessions_app.speech.worker.process import Address, run_worker


class Command(BaseCommand):
    """One speech worker; run as many as there is speech, on this machine or on others."""

    help = "Runs one speech worker: speech to text, translation, text to speech."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default=settings.SPEECH_HOST, help="address to listen on")
        parser.add_argument(
            "--port", type=int, default=settings.SPEECH_PORT, help="port to listen on; 0 for any free one"
        )
        parser.add_argument(
            "--worker-id", default=settings.SPEECH_WORKER_ID, help="name in the register, unique"
        )

    def handle(self, *, host: str, port: int, worker_id: str, **_: object) -> None:
        # Nodes on the same machine must stay quick while this process works hard.
        os.nice(settings.SPEECH_NICE)
        address = Address(host, port, settings.SPEECH_ADVERTISE_HOST)
        try:
            asyncio.run(run_worker(worker_id, address))
        except (OSError, ValueError) as problem:
            self.stderr.write(f"speech_worker: {problem}")
            sys.exit(1)
