"""The copy of docs/operations/backup.md is whole, also while somebody writes."""

import sqlite3
import subprocess
from pathlib import Path
from shutil import which

import pytest

from tests.support.documents import DOCS, commands_of


@pytest.mark.skipif(which("sqlite3") is None, reason="there is no sqlite3 here")
def test_the_database_is_copied_while_it_is_written(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    (command,) = commands_of(DOCS / "operations" / "backup.md")
    writer = sqlite3.connect(tmp_path / "var" / "mentra.sqlite3")
    writer.execute("PRAGMA journal_mode=WAL")
    writer.execute("CREATE TABLE kept (word TEXT)")
    writer.execute("INSERT INTO kept VALUES ('stored')")
    writer.commit()
    writer.execute("INSERT INTO kept VALUES ('not yet')")

    subprocess.run(["bash", "-c", command], cwd=tmp_path, check=True, timeout=30)

    writer.close()
    copy = sqlite3.connect(tmp_path / "backup.sqlite3")
    assert copy.execute("SELECT word FROM kept").fetchall() == [("stored",)]
    copy.close()
