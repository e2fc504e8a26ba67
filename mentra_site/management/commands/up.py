"""`manage.py up`: run the whole cloud on this machine."""

import sys
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from mentra_site.supervisor.errors import StartFailed
from mentra_site.supervisor.options import UpOptions, add_arguments
from mentra_site.supervisor.supervisor import run_cloud


class Command(BaseCommand):
    """Starts every process, prints one READY line, and stops all of them on Ctrl-C."""

    help = (
        "Runs the whole cloud on this machine: Redis, database, nodes, worker, clock, speech and live video."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        add_arguments(parser)

    def handle(self, **options: object) -> None:
        wanted = UpOptions(
            host=str(options["host"]),
            port=int(str(options["port"])),
            nodes=int(str(options["nodes"])),
            server=str(options["server"]),
            data_dir=settings.MENTRA_DATA_DIR,
            demo=bool(options["demo"]),
            speech_workers=int(str(options["speech_workers"])),
            media=bool(options["media"]),
        )
        if options["data_dir"] and Path(str(options["data_dir"])).resolve() != settings.MENTRA_DATA_DIR:
            raise CommandError(
                "--data-dir works with `python manage.py up` only; set MENTRA_DATA_DIR instead."
            )
        try:
            run_cloud(wanted)
        except StartFailed as refusal:
            self.stderr.write(f"up: {refusal}")
            sys.exit(1)
