"""The units: their commands, what they set, how long they wait, and that systemd understands them."""

import re
import shlex
import shutil
import subprocess
from configparser import RawConfigParser
from pathlib import Path

import pytest

from mentra_site.servers.stopping import LONGEST_STOP_SECONDS
from tests.deploy.reading import DEPLOY, REQUIRED, parse_command, read_env, unknown_settings

UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
ENV = read_env(DEPLOY / "systemd" / "cloud.env.example")
HOME = "/opt/mentra/bin/"


class Unit(RawConfigParser):
    """A unit file whose keys keep their case; of a repeated key the last one counts."""

    def optionxform(self, optionstr: str) -> str:
        return optionstr


def read_unit(file: Path) -> Unit:
    unit = Unit(strict=False)
    unit.read_string(file.read_text())
    return unit


def commands_of(file: Path) -> list[list[str]]:
    """Return the commands of an instance 1, without what `env` sets before them."""
    lines = re.findall(r"^ExecStart=(.*)$", file.read_text(), re.MULTILINE)
    commands = [shlex.split(line.replace("%i", "1")) for line in lines]
    return [
        [word for word in words if word != "/usr/bin/env" and "=" not in word.partition(" ")[0]]
        for words in commands
    ]


def test_there_is_a_unit_for_each_process() -> None:
    kinds = ["beat", "media", "migrate", "node@", "speech@", "worker"]
    assert [file.name for file in UNITS] == [f"mentra-{kind}.service" for kind in kinds]


@pytest.mark.parametrize("file", UNITS, ids=lambda file: file.stem)
def test_a_unit_runs_commands_there_are(file: Path) -> None:
    commands = commands_of(file)
    assert commands
    for program, *words in commands:
        assert program.startswith(HOME)
        parse_command([program.removeprefix(HOME), *words])


@pytest.mark.parametrize("file", UNITS, ids=lambda file: file.stem)
def test_a_unit_sets_what_settings_read(file: Path) -> None:
    names = re.findall(r"(?:^Environment=| )([A-Z_]+)=", file.read_text(), re.MULTILINE)
    assert unknown_settings(names) == []


@pytest.mark.parametrize("file", UNITS, ids=lambda file: file.stem)
def test_a_unit_is_shut_in(file: Path) -> None:
    service = read_unit(file)["Service"]
    assert service["User"] == "mentra"
    assert (service["ProtectSystem"], service["NoNewPrivileges"]) == ("strict", "yes")
    assert service["StateDirectory"] == "mentra"


def test_a_node_has_more_time_than_it_takes_to_end() -> None:
    service = read_unit(DEPLOY / "systemd" / "mentra-node@.service")["Service"]
    assert int(service["TimeoutStopSec"]) > LONGEST_STOP_SECONDS + 5
    assert service["KillMode"] == "mixed"


def test_the_example_has_what_production_requires_and_nothing_unknown() -> None:
    assert set(ENV) >= REQUIRED
    assert unknown_settings(ENV) == []


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd here")
def test_systemd_understands_the_units(tmp_path: Path) -> None:
    for file in UNITS:
        # The programs and the user are those of another machine.
        text = re.sub(rf"{HOME}[a-z-]+", "/bin/true", file.read_text())
        (tmp_path / file.name).write_text(text.replace("User=mentra", "User=root"))
    names = [str(tmp_path / file.name.replace("@", "@1")) for file in UNITS]
    checked = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *names],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert [line for line in checked.stderr.splitlines() if "mentra-" in line] == []
