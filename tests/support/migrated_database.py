"""A database with every table and no row of a person, made once and copied: applying migrations takes seconds."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from tests.support.commands import ROOT

KEPT = ROOT / ".pytest_cache" / "databases"
# Whose tables a database has besides ours.
FOREIGN = ("Django", "django-allauth")


def put_migrated_database(path: Path) -> None:
    """Copy a migrated SQLite file to `path`; the first to ask makes it, by `migrate`."""
    KEPT.mkdir(parents=True, exist_ok=True)
    model = KEPT / f"{_digest()}.sqlite3"
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not model.exists():
            _migrate(model)
    shutil.copyfile(model, path)


def _migrate(model: Path) -> None:
    draft = model.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    own = {"DATABASE_URL": f"sqlite:///{draft}", "DJANGO_SETTINGS_MODULE": "mentra_site.settings.test"}
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0", "--skip-checks"]
    subprocess.run(command, cwd=ROOT, env=os.environ | own, check=True)
    draft.rename(model)


def _digest() -> str:
    """Name all that decides which tables there are: migrations, ours and those of others."""
    parts = [f"{name} {version(name)}".encode() for name in FOREIGN]
    parts += [bytes(path.relative_to(ROOT)) + path.read_bytes() for path in _migrations()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:32]


def _migrations() -> Iterator[Path]:
    yield from sorted(ROOT.glob("*/migrations/*.py"))
