"""Gets the official SDK packages from npm, once per lock file, into the folders of the probe apps."""

import fcntl
import hashlib
import os
import shutil
import subprocess
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

HERE = Path(__file__).resolve().parent
INSTALL_SECONDS = 300
MARK = ".installed-from"
# Set where a silent skip would hide a broken build.
REQUIRED = "REQUIRE_SDK_TESTS"


class Family(StrEnum):
    """The three client families of app-socket §1."""

    A = "A"
    B = "B"
    C = "C"


class PackagesMissing(Exception):
    """The official packages cannot be had here; the text says why."""


@dataclass(frozen=True)
class Program:
    """How to start the probe app of a family."""

    folder: Path
    runtime: str
    script: str

    def command(self) -> list[str]:
        return [self.runtime, self.script]


def install(family: Family) -> Program:
    """Put the packages of `family` in place and return how to run its probe; PackagesMissing if not."""
    folder = HERE / ("v2" if family is Family.A else "v3")
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        raise PackagesMissing("node and npm are not installed; the official SDK needs Node 20 or newer")
    lock_digest = hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()
    mark = folder / "node_modules" / MARK
    locks = HERE / ".cache"
    locks.mkdir(exist_ok=True)
    with (locks / f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not mark.exists() or mark.read_text() != lock_digest:
            _fetch(npm, folder)
            mark.write_text(lock_digest)
    if family is Family.A:
        return Program(folder, node, "app.mjs")
    return Program(folder, _bun(folder, node), "legacy.mjs" if family is Family.B else "mini.mjs")


def _fetch(npm: str, folder: Path) -> None:
    try:
        done = subprocess.run(
            [npm, "ci", "--no-audit", "--no-fund", "--no-progress"],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=INSTALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise PackagesMissing(f"npm did not finish within {INSTALL_SECONDS} s") from None
    if done.returncode != 0:
        errors = [line for line in done.stderr.splitlines() if line.startswith("npm error")]
        raise PackagesMissing(f"npm could not install {folder.name}: {(errors or ['no reason given'])[0]}")


def _bun(folder: Path, node: str) -> str:
    """Return a Bun that runs; npm may have been told to run no install scripts, so run Bun's own here."""
    modules = folder / "node_modules"
    bun = modules / ".bin" / "bun"
    if not _runs(bun):
        subprocess.run(
            [node, "install.js"], cwd=modules / "bun", capture_output=True, timeout=60, check=False
        )
    if not _runs(bun):
        raise PackagesMissing("the bun package has no program for this machine")
    return str(bun)


def _runs(program: Path) -> bool:
    try:
        return (
            subprocess.run([program, "--version"], capture_output=True, timeout=30, check=False).returncode
            == 0
        )
    except OSError:
        return False


def is_required() -> bool:
    return os.environ.get(REQUIRED, "") not in ("", "0")
