"""Environments that have nothing but what a package index and `make release` give. Knows uv."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

UV = str(Path(sys.executable).with_name("uv"))
INSTALL_SECONDS = 240
# What uv says when it cannot reach an index; anything else is about our packages.
UNREACHABLE = ("Failed to fetch", "Request failed", "error sending request")
# The shell of a developer must not lend the environment what it would lack elsewhere.
LENT = ("PYTHONPATH", "VIRTUAL_ENV", "DJANGO_SETTINGS_MODULE", "MENTRA_DATA_DIR", "PYTEST_PLUGINS")


def environment() -> dict[str, str]:
    """Return the environment of somebody who has just installed the packages."""
    index = os.environ.get("PIP_INDEX_URL")
    own = {"UV_DEFAULT_INDEX": index} if index else {}
    return {name: value for name, value in os.environ.items() if name not in LENT} | own


def make_environment(folder: Path, *packages: Path, constraints: Path | None = None) -> Path:
    """Make a virtual environment with these wheels in it and return its `bin`; skip where no index answers."""
    _uv("venv", "--python", sys.executable, "--no-python-downloads", str(folder))
    pinned = ["--constraints", str(constraints)] if constraints else []
    done = _uv("pip", "install", "--python", str(folder / "bin" / "python"), *pinned, *map(str, packages))
    if done.returncode and any(words in done.stderr for words in UNREACHABLE):
        pytest.skip("no package index answers, so nothing can be installed from scratch")
    assert done.returncode == 0, done.stderr
    return folder / "bin"


def _uv(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [UV, "--no-config", "--quiet", *arguments],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=INSTALL_SECONDS,
        check=False,
    )
