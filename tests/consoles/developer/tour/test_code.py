"""The programs hold the facts of the app, safely quoted, and name the versions that are tested."""

import ast
import json
from pathlib import Path

import pytest

from apps_registry.models import App
from consoles.developer.tour.code import NO_KEY, port_of, programs_for

SDK = Path(__file__).resolve().parents[3] / "sdk"


def shown(api_key: str = "") -> dict[str, str]:
    """Return the programs of an app, by id."""
    app = App(package_name="com.example.first", public_url="http://127.0.0.1:7345")
    return {program.id: program.code for program in programs_for(app, api_key)}


def test_each_program_names_package_key_and_port() -> None:
    for code in shown("k" * 64).values():
        assert '"com.example.first"' in code
        assert f'"{"k" * 64}"' in code
        assert "7345" in code
        assert not [word for word in ("PACKAGE_NAME", "API_KEY", "PORT", "CLOUD_URL") if word in code]


def test_without_a_key_there_is_a_placeholder() -> None:
    assert all(json.dumps(NO_KEY) in code for code in shown().values())


def test_a_key_cannot_become_code() -> None:
    (program,) = [code for id_, code in shown('"); print("').items() if id_ == "python"]
    calls = [node.func for node in ast.walk(ast.parse(program)) if isinstance(node, ast.Call)]
    assert "print" not in {call.id for call in calls if isinstance(call, ast.Name)}


@pytest.mark.parametrize(
    ("url", "port"),
    [("http://127.0.0.1:7345", 7345), ("https://app.example:8443/base", 8443), ("https://app.example", 3000)],
)
def test_the_port_is_that_of_the_address_or_the_usual_one(url: str, port: int) -> None:
    assert port_of(url) == port


@pytest.mark.parametrize(("program", "folder"), [("sdk3", "v3"), ("sdk2", "v2")])
def test_the_commands_install_what_the_tests_use(program: str, folder: str) -> None:
    packages = json.loads((SDK / folder / "package.json").read_text())["dependencies"]
    app = App(package_name="com.example.first", public_url="http://127.0.0.1:7345")
    (commands,) = [one.commands for one in programs_for(app) if one.id == program]
    wanted = " ".join(f"{name}@{version}" for name, version in packages.items())
    assert f"npm install {wanted}\n" in commands
