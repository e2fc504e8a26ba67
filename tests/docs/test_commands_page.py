"""The page of commands names every command, with options that it knows."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

from tests.support.documents import DOCS, ROOT

PAGE = (DOCS / "operations" / "commands.md").read_text()
ROWS = dict(re.findall(r"^\| `(\w+)([^`]*)` \|", PAGE, re.MULTILINE))


def test_every_command_has_a_row() -> None:
    files = ROOT.glob("*/management/commands/[a-z]*.py")
    assert sorted(ROWS) == sorted(Path(path).stem for path in files)


@pytest.mark.parametrize("name", ROWS)
def test_a_command_knows_the_options_of_its_row(name: str) -> None:
    parser = load_command_class(get_commands()[name], name).create_parser("manage.py", name)
    known = {option for action in parser._actions for option in action.option_strings}
    assert set(re.findall(r"--[a-z-]+", ROWS[name])) <= known
