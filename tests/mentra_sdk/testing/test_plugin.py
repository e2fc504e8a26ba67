"""The fixtures, in a project that has nothing but the documented app and its test."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.documents import PROGRAMS, ROOT

FAKE_SESSION = """
from parrot import repeat

async def test_it_repeats_at_once(fake_session):
    await repeat(fake_session)
    await fake_session.glasses.say("hello")
    assert fake_session.glasses.display.text == "hello"
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in ("parrot.py", "test_parrot.py"):
        shutil.copy(PROGRAMS / name, tmp_path / name)
    (tmp_path / "test_fake_session.py").write_text(FAKE_SESSION)
    (tmp_path / "pytest.ini").write_text("[pytest]\nasyncio_mode = auto\n")
    return tmp_path


def test_the_documented_tests_pass_in_a_project_of_their_own(project: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:django", "-p", "mentra_sdk.testing.plugin"],
        cwd=project,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "5 passed" in done.stdout, done.stdout + done.stderr
