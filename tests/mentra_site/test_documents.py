"""The README's commands work as written."""

import os
import signal
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.mentra_site.supervisor.operator import Up
from tests.support.documents import README, ROOT, commands_of

# What the recording says that the README has read to the glasses.
WORDS = "John Dashwood"
COMMANDS = commands_of(README)


class Made(Up):
    """The README's first command, on a port and a data folder that are free."""

    def command(self, arguments: list[str]) -> list[str]:
        return ["make", "run", f"ARGS={' '.join(arguments)}"]


def run(command: str, data_dir: Path, until: str = "") -> str:
    """Run a line of the README against that cloud; interrupt it, as a reader would, once it said `until`, if given."""
    # Where the tests run in the background of a shell, interrupts are ignored, also by what they start.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    process = subprocess.Popen(
        command.replace(".venv/bin/python", str(ROOT / ".venv/bin/python")).split(),
        cwd=ROOT,
        env={
            **os.environ,
            "MENTRA_DATA_DIR": str(data_dir),
            "DJANGO_SETTINGS_MODULE": "mentra_site.settings.dev",
        },
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    )
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if until and until in line:
            process.send_signal(signal.SIGINT)
    process.wait(30)
    return said


def test_the_readme_begins_with_the_two_commands() -> None:
    assert COMMANDS[:2] == ["make run", ".venv/bin/python manage.py simulate_glasses --demo"]


@pytest.mark.scenario
@pytest.mark.timeout(240)
def test_the_commands_of_the_readme_work_in_their_order() -> None:
    with Made("--speech-workers", "1") as cloud:
        cloud.wait_until_ready()
        cloud.wait_for_line(lambda line: "simulate_glasses --demo" in line)
        shown = [run(COMMANDS[1], cloud.data_dir, until="Press the button")]
        shown += [run(command, cloud.data_dir) for command in COMMANDS[2:]]

        assert "Press the button or say something" in shown[0]
        assert WORDS in shown[1] if find_spec("faster_whisper") else "com.example.captions runs." in shown[1]
        assert '"apiKey"' in shown[2]
        assert '"userId": "user@demo.local"' in shown[3]
        assert oct((cloud.data_dir / "demo.json").stat().st_mode)[-3:] == "600"
