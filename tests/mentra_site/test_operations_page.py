"""What operators copy from the operations page is true: units, the settings they read, the names in alerts."""

import re
import shlex
import shutil
import subprocess
import sys
from configparser import RawConfigParser
from pathlib import Path

import click
import pytest
from celery.bin.beat import beat
from celery.bin.worker import worker
from django.core.management import get_commands, load_command_class

import mentra_site.metrics  # noqa: F401 - its gauges are on the registry from then on
from sessions_app.outbound import metrics

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = (ROOT / "docs" / "operations.md").read_text()
HOME = "/opt/mentra"
UNIT = re.compile(r"^`(mentra-[a-z]+@?\.service)`.*?^```ini\n(.*?)^```", re.MULTILINE | re.DOTALL)
UNITS = dict(UNIT.findall(PAGE))
ENVIRONMENT = re.compile(r"^```ini\n([A-Z].*?)^```", re.MULTILINE | re.DOTALL)
ALERTS = re.compile(r"^ +expr: (.*)$", re.MULTILINE)
SUFFIXES = {"counter": ("_total",), "gauge": ("",), "histogram": ("_bucket", "_sum", "_count")}
# What Prometheus adds itself.
FOREIGN = {"up"}


def commands_of(unit: str) -> list[list[str]]:
    lines = [line for line in unit.splitlines() if line.startswith("ExecStart=")]
    return [shlex.split(line.removeprefix("ExecStart=").replace("%i", "1")) for line in lines]


def parse(command: list[str]) -> None:
    """Have a command's own parser read its options; raises or exits when it does not know one."""
    python, what, *rest = command
    assert python == f"{HOME}/.venv/bin/python"
    if what == "manage.py":
        name, *options = rest
        load_command_class(get_commands()[name], name).create_parser(what, name).parse_args(options)
        return
    assert [what, *rest[:3]] == ["-m", "celery", "-A", "mentra_site"]
    part = {"worker": worker, "beat": beat}[rest[3]]
    part.make_parser(click.Context(part)).parse_args(rest[4:])


def test_there_is_a_unit_for_each_process() -> None:
    assert list(UNITS) == [
        "mentra-node@.service",
        "mentra-worker.service",
        "mentra-speech.service",
        "mentra-media.service",
        "mentra-beat.service",
        "mentra-migrate.service",
    ]


@pytest.mark.parametrize("name", UNITS)
def test_the_command_of_a_unit_exists_and_knows_its_options(name: str) -> None:
    commands = commands_of(UNITS[name])
    assert commands
    for command in commands:
        parse(command)


def test_a_unit_gives_a_node_more_time_than_it_takes_to_end() -> None:
    from mentra_site.servers.stopping import LONGEST_STOP_SECONDS

    unit = RawConfigParser(strict=False)
    unit.read_string(UNITS["mentra-node@.service"])
    assert unit.getint("Service", "TimeoutStopSec") > LONGEST_STOP_SECONDS + 5


def test_units_set_what_the_settings_read_and_production_requires() -> None:
    (shared,) = ENVIRONMENT.findall(PAGE)
    of_node = re.findall(r"^Environment=(.*)$", UNITS["mentra-node@.service"], re.MULTILINE)
    names = {
        pair.partition("=")[0]
        for pair in (*shared.splitlines(), *(p for line in of_node for p in line.split()))
    }
    settings = "".join(path.read_text() for path in (ROOT / "mentra_site" / "settings").glob("*.py"))
    required = re.search(r"_REQUIRED = \((.*?)\)", settings, re.DOTALL)

    assert required is not None
    assert set(re.findall(r'"([A-Z_]+)"', required[1])) <= names
    assert [name for name in names - {"DJANGO_SETTINGS_MODULE"} if f'"{name}"' not in settings] == []


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd here")
def test_systemd_understands_the_units(tmp_path: Path) -> None:
    for name, unit in UNITS.items():
        with_paths = unit.replace(f"{HOME}/.venv/bin/python", sys.executable).replace(HOME, str(ROOT))
        (tmp_path / name).write_text(with_paths.replace("User=mentra", "User=root"))
    checked = subprocess.run(
        [
            "systemd-analyze",
            "verify",
            "--man=no",
            *(str(tmp_path / name.replace("@", "@1")) for name in UNITS),
        ],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    about_ours = [line for line in checked.stderr.splitlines() if "mentra-" in line]
    assert about_ours == []


def exposed_names() -> dict[str, tuple[str, ...]]:
    """Return the name of each series on /metrics with its labels."""
    labels = {family.name: family.labels for family in metrics._FAMILIES}
    labels |= {"mentra_sessions": ("state",), "mentra_speech_workers": ("state",)}
    labels |= {"mentra_webhook_seconds": ("kind", "outcome", "le")}
    return {
        family.name + suffix: labels.get(family.name, ())
        for family in metrics.registry.collect()
        for suffix in SUFFIXES[family.type]
    }


def test_every_metric_on_the_page_exists_with_its_labels() -> None:
    exposed = exposed_names()
    named = set(re.findall(r"\b((?:mentra|process)_[a-z_]+[a-z])\b(?!\.)", PAGE)) - {"mentra_site"}
    assert sorted(named - set(exposed)) == []
    for name, selector in re.findall(r"\b([a-z_]+)\{([a-z][^}]*)\}", PAGE):
        for label in re.findall(r"(\w+)(?:=|!=)", selector):
            assert name in FOREIGN or label in (*exposed[name], "job"), f"{name} has no label {label}"


def test_alerts_name_only_what_there_is() -> None:
    words_of_promql = {"sum", "max", "rate", "increase", "absent", "histogram_quantile", "by", "le", "m", "e"}
    expressions = ALERTS.findall(PAGE)
    assert len(expressions) > 5
    for expression in expressions:
        bare = re.sub(r"\{[^}]*\}|\[[^]]*\]", "", expression)
        names = set(re.findall(r"[a-z_]+", bare)) - words_of_promql
        assert names <= {*exposed_names(), *FOREIGN, "kind", "step", "host"}, expression
