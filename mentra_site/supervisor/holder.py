"""Who has the data folder: one `up` at a time, and a record of it for other commands."""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from mentra_site.settings.data_folder import RUN_RECORD
from mentra_site.supervisor.errors import StartFailed

LOCK_FILE = "up.lock"


@contextmanager
def hold_data_folder(data_dir: Path, url: str) -> Iterator[None]:
    """Hold the folder for this process; raise StartFailed naming the holder when another one has it.

    The kernel lets go of the lock when the process ends, however it ends.
    """
    with (data_dir / LOCK_FILE).open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StartFailed(_describe_holder(data_dir)) from None
        lock.truncate(0)
        since = datetime.now(UTC).astimezone().isoformat(sep=" ", timespec="seconds")
        lock.write(json.dumps({"pid": os.getpid(), "url": url, "since": since}))
        lock.flush()
        try:
            yield
        finally:
            lock.truncate(0)


@contextmanager
def recorded_run(data_dir: Path, record: Mapping[str, object]) -> Iterator[None]:
    """Keep `run.json` in the data folder while the cloud runs; other commands read their defaults from it."""
    path = data_dir / RUN_RECORD
    draft = data_dir / f".{RUN_RECORD}"
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(dict(record), indent=2) + "\n")
    draft.replace(path)
    try:
        yield
    finally:
        with suppress(OSError):
            path.unlink()


def _describe_holder(data_dir: Path) -> str:
    try:
        holder = json.loads((data_dir / LOCK_FILE).read_text())
        who = f"by process {holder['pid']} at {holder['url']} since {holder['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        who = "by a process that is only starting"
    return (
        f"the data folder {data_dir} is held {who}; stop that one or choose another folder with --data-dir."
    )
