"""Budgets that keep files and functions readable: stop before they grow, not after."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = (
    "accounts",
    "apps_registry",
    "bench",
    "consoles",
    "examples",
    "mentra_sdk",
    "mentra_site",
    "prepared_queries",
    "reference_pages",
    "sessions_app",
    "tests",
)
SOFT_LINES = 250
MOST_LINES = 400
MOST_FUNCTION_LINES = 60
MOST_RUNTIME_FIELDS = 10
MOST_SOFT_BREAKS = 0.05

FILES = [
    path
    for room in ROOMS
    for path in sorted((ROOT / room).rglob("*.py"))
    if not {"migrations", "node_modules"}.intersection(path.parts)
]


def test_files_stay_within_the_hard_stop() -> None:
    long = {str(path.relative_to(ROOT)): lines for path in FILES if (lines := _lines(path)) > MOST_LINES}
    assert not long


def test_few_files_are_above_the_budget() -> None:
    long = [path for path in FILES if _lines(path) > SOFT_LINES]
    assert len(long) <= MOST_SOFT_BREAKS * len(FILES), [str(path.relative_to(ROOT)) for path in long]


def test_functions_stay_within_the_hard_stop() -> None:
    long = {
        f"{path.relative_to(ROOT)}:{node.name}": lines
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or 0) - node.lineno + 1) > MOST_FUNCTION_LINES
    }
    assert not long


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in FILES
        if path.read_text().strip() and ast.get_docstring(ast.parse(path.read_text())) is None
    ]
    assert not silent


def test_the_runtime_holds_few_fields() -> None:
    tree = ast.parse((ROOT / "sessions_app/lifecycle/runtime.py").read_text())
    runtime = next(node for node in ast.walk(tree) if isinstance(node, ast.ClassDef))
    fields = [node for node in runtime.body if isinstance(node, ast.AnnAssign)]
    assert len(fields) <= MOST_RUNTIME_FIELDS


@pytest.mark.parametrize("word", ["utils", "common", "helpers", "manager", "misc"])
def test_no_file_has_a_name_that_says_nothing(word: str) -> None:
    assert not [path for path in FILES if path.stem == word]


def _lines(path: Path) -> int:
    return len(path.read_text().splitlines())
