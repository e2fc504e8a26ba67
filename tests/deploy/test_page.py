"""The page about deploying names what there is: files, units, services, commands, components."""

import re
import shlex

import pytest

from tests.deploy.reading import DEPLOY, ROOT, parse_command, read_yaml

PAGE = (ROOT / "docs" / "operations" / "deploy.md").read_text()
SERVICES = read_yaml(DEPLOY / "compose" / "compose.yaml")[0]["services"]
COMMANDS = sorted(set(re.findall(r"glasses-cloud [a-z][\w-]*[^`\n]*", PAGE)))


def test_files_and_folders_on_the_page_exist() -> None:
    named = set(re.findall(r"\bdeploy/[\w./*@-]*[\w*]", PAGE)) - {
        "deploy/compose/.env",
        "deploy/compose/tls",
        "deploy/kubernetes/overlays/ours",
    }
    assert len(named) > 5
    assert [name for name in sorted(named) if not list(ROOT.glob(name))] == []


def test_units_on_the_page_exist() -> None:
    there = {file.stem for file in (DEPLOY / "systemd").glob("*.service")}
    named = set(re.findall(r"\bmentra-[a-z]+@?", PAGE))
    assert named <= there
    assert there <= named, "a unit nobody is told to start"


def test_components_and_services_on_the_page_exist() -> None:
    components = {folder.name for folder in (DEPLOY / "kubernetes" / "components").iterdir()}
    assert set(re.findall(r"component `(\w+)`", PAGE)) <= components
    named = set(
        re.findall(r"docker compose (?:exec|run --rm|--scale|up -d --no-deps --wait) ([a-z][\w-]*)", PAGE)
    )
    assert named <= set(SERVICES)
    assert named


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_on_the_page_are_known(command: str) -> None:
    assert parse_command(shlex.split(command))
