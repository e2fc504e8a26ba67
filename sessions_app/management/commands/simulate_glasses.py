"""Play a phone and glasses for a user, on the terminal or as JSON lines."""

import asyncio
import sys
from argparse import ArgumentTypeError
from pathlib import Path
from shutil import get_terminal_size
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.errors import AccountError
from accounts.management.database import explained_database_errors
from accounts.services import get_or_create_user
from accounts.tokens import issue_core_token
from sessions_app.simulator.errors import SimulatorError, Unreachable
from sessions_app.simulator.keyboard import read_lines
from sessions_app.simulator.output import Output
from sessions_app.simulator.play import Play, Script
from sessions_app.simulator.screen import WIDTH

TOKEN_DAYS = 1
NARROWEST_TERMINAL = WIDTH + 4


class Command(BaseCommand):
    """`simulate_glasses --user EMAIL`: every display as text, or with `--json` every message as a line.

    Ends after `--duration` seconds, at Ctrl-C or at `q`, and with `--demo --wav` once what was said has been shown;
    exit code 1 and one sentence when the cloud refuses the phone or an app does not start.
    """

    help = "Play a phone and glasses: start apps, press buttons, show what the glasses show."

    def add_arguments(self, parser: CommandParser) -> None:
        who = parser.add_mutually_exclusive_group(required=True)
        who.add_argument("--user", metavar="EMAIL", help="Whose phone it is; created if needed.")
        who.add_argument(
            "--demo",
            action="store_true",
            help=(
                "Be the user of the demo. Without --start, its first app is started, with --wav the one that writes"
                " down what is said."
            ),
        )
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
        is_demo, wav = options["demo"], options["wav"]
        email = settings.DEMO_USER_EMAIL if is_demo else options["user"]
        script = Script(
            packages=tuple(options["start"]) or (_demo_packages(wav) if is_demo else ()),
            presses=tuple(options["press"]),
            wav=wav,
            ends_after_sound=is_demo and wav is not None,
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
        draws_in_place = sys.stdout.isatty() and get_terminal_size().columns >= NARROWEST_TERMINAL
        output = Output(self._write_line, as_json=script.as_json, in_place=draws_in_place)
        await Play(url, token, script, output, keyboard=keyboard).run()

    def _write_line(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _demo_packages(wav: Path | None) -> tuple[str, ...]:
    return (settings.DEMO_APP_PACKAGE if wav is None else settings.DEMO_CAPTIONS_PACKAGE,)


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
