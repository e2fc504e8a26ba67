"""Play a phone and glasses for a user, on the terminal or as JSON lines."""

import asyncio
import sys
from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.errors import AccountError
from accounts.management.database import explained_database_errors
from accounts.services import get_or_create_user
from accounts.tokens import issue_core_token
from sessions_app.simulator.errors import SimulatorError, Unreachable
from sessions_app.simulator.keyboard import read_lines
from sessions_app.simulator.play import Play, Script

TOKEN_DAYS = 1


class Command(BaseCommand):
    """`simulate_glasses --user EMAIL`: every display as text, or with `--json` every message as a line.

    Ends after `--duration` seconds, at Ctrl-C or at `q`; exit code 1 and one sentence when the cloud refuses
    the phone or an app does not start.
    """

    help = "Play a phone and glasses: start apps, press buttons, show what the glasses show."

    def add_arguments(self, parser: CommandParser) -> None:
        who = parser.add_mutually_exclusive_group(required=True)
        who.add_argument("--user", metavar="EMAIL", help="Whose phone it is; created if needed.")
        who.add_argument("--demo", action="store_true", help="Be the user of the demo and start its app.")
        parser.add_argument("--url", help="The cloud, by default PUBLIC_URL.")
        parser.add_argument("--start", action="append", default=[], metavar="PACKAGE", help="Start this app.")
        parser.add_argument("--wav", type=Path, metavar="FILE", help="Speak this sound file.")
        parser.add_argument(
            "--press",
            action="append",
            default=[],
            metavar="BUTTON",
            help="Press this button; BUTTON:long presses it long.",
        )
        parser.add_argument(
            "--duration", type=_seconds, metavar="S", help="End S seconds after the apps run."
        )
        parser.add_argument("--json", action="store_true", help="Print every message as a JSON line.")

    def handle(self, *args: Any, **options: Any) -> None:
        email, packages = options["user"], tuple(options["start"])
        if options["demo"]:
            email, packages = settings.DEMO_USER_EMAIL, (settings.DEMO_APP_PACKAGE, *packages)
        script = Script(
            packages=packages,
            presses=tuple(options["press"]),
            wav=options["wav"],
            duration_seconds=options["duration"],
            as_json=options["json"],
        )
        is_interactive = script.duration_seconds is None and not script.as_json and sys.stdin.isatty()
        url, token = options["url"] or settings.PUBLIC_URL, _issue_token(email)
        try:
            asyncio.run(self._play(url, token, script, is_interactive))
        except Unreachable as problem:
            raise CommandError(
                f"{problem} Start one with `python manage.py up`, or name it with --url."
            ) from None
        except SimulatorError as problem:
            raise CommandError(str(problem)) from None
        except KeyboardInterrupt:
            self.stderr.write("")

    async def _play(self, url: str, token: str, script: Script, is_interactive: bool) -> None:
        keyboard = read_lines(sys.stdin.fileno()) if is_interactive else None
        await Play(url, token, script, self._write_line, keyboard=keyboard).run()

    def _write_line(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _issue_token(email: str) -> str:
    try:
        with explained_database_errors():
            return issue_core_token(get_or_create_user(email=email), days=TOKEN_DAYS)
    except AccountError as error:
        raise CommandError(error.message) from error


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1
    if not 0 <= seconds < float("inf"):
        raise ArgumentTypeError(f"{text!r} is not a number of seconds")
    return seconds
