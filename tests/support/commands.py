"""Management commands against a running cloud, through one long-lived process."""

import contextlib
import json
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
COMMAND_SECONDS = 30


class CommandFailed(AssertionError):
    """A management command refused or crashed; the text is its message."""


class CommandLine:
    """One process that runs management commands for one cloud (tests.support.command_line)."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.command_line"],
            cwd=ROOT,
            env={"DJANGO_SETTINGS_MODULE": "mentra_site.settings.dev", **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._one_at_a_time = threading.Lock()

    def run(self, *arguments: str) -> str:
        """Run one command and return its standard output; raise CommandFailed with its message."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with self._one_at_a_time:
            self._process.stdin.write(json.dumps(arguments) + "\n")
            self._process.stdin.flush()
            watchdog = threading.Timer(COMMAND_SECONDS, self._process.kill)
            watchdog.start()
            line = self._process.stdout.readline()
            watchdog.cancel()
        if not line:
            raise CommandFailed(f"{' '.join(arguments)}: no answer; see the log above")
        answer: dict[str, str] = json.loads(line)
        if "error" in answer:
            raise CommandFailed(f"{' '.join(arguments)}: {answer['error']}")
        return answer["output"]

    def stop(self) -> None:
        with self._process as process:
            assert process.stdin is not None
            process.stdin.close()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=5)
            process.kill()
