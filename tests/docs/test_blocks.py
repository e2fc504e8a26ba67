"""Every block of code that can run is run by a test, or says why not."""

import json
import re

import pytest
import yaml

from tests.support.documents import DOCS, PROGRAMS, ROOT, Block, blocks_of, pages

BLOCKS = [block for page in pages() for block in blocks_of(page)]
SHORTEST_REASON = 20
# The tests that run the files of docs/programs; each names those it runs.
RUNNERS = (
    "tests/docs/test_first_app.py",
    "tests/scenarios/test_documented_commands.py",
    "tests/sdk/test_documented_programs.py",
    "tests/mentra_sdk/testing/test_plugin.py",
)


def first_words(block: Block) -> str:
    return f"{block.page}: {block.text[:60]!r}"


def test_every_block_that_can_run_is_run_or_says_why_not() -> None:
    unmarked = [block for block in BLOCKS if block.runs and not (block.mark or block.included)]
    assert [first_words(block) for block in unmarked] == []


def test_every_fence_was_read() -> None:
    fences = sum(len(re.findall(r"^ *```\w", page.read_text(), re.MULTILINE)) for page in pages())
    assert len(BLOCKS) >= fences > 30


def test_a_test_that_is_named_exists_and_knows_the_page() -> None:
    for block in BLOCKS:
        if block.mark.startswith("run by "):
            test = ROOT / block.mark.removeprefix("run by ")
            name = block.page.removeprefix("docs/").removesuffix("README.md") or "README"
            assert name in test.read_text(), f"{test} does not name {name}"


def test_reasons_are_reasons() -> None:
    reasons = [block.mark.removeprefix("not run: ") for block in BLOCKS if block.mark.startswith("not run")]
    assert reasons
    assert [reason for reason in reasons if len(reason) < SHORTEST_REASON] == []


def test_every_program_is_run_and_shown() -> None:
    runners = "".join((ROOT / runner).read_text() for runner in RUNNERS)
    shown = {block.included for block in BLOCKS if block.included}
    files = {path.name for path in PROGRAMS.iterdir() if path.is_file()}
    assert files == shown
    assert [name for name in files if f'"{name}"' not in runners] == []


@pytest.mark.parametrize(
    "block", [each for each in BLOCKS if each.language in ("json", "yaml")], ids=first_words
)
def test_data_can_be_read(block: Block) -> None:
    assert json.loads(block.text) if block.language == "json" else yaml.safe_load(block.text)


def test_the_tutorial_installs_what_the_tests_run() -> None:
    wanted = json.loads((ROOT / "tests/sdk/v3/package.json").read_text())["dependencies"]
    (line,) = re.findall(r"npm install (.*)", (DOCS / "tutorial.md").read_text())
    assert dict(each.rsplit("@", 1) for each in line.split()) == wanted
