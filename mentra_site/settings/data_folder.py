"""What the data folder tells the settings: the private Redis of `up`, and the cloud that runs on it now."""

import hashlib
import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

RUN_RECORD = "run.json"
# The kernel takes 104 (BSD) to 108 (Linux) bytes for the path of a Unix socket, the closing zero included.
SOCKET_PATH_BYTES = 100


@dataclass(frozen=True)
class RunningCloud:
    """What a running `up` wrote about itself: its addresses and its process id."""

    url: str
    redis_url: str
    pid: int


def redis_socket(data_dir: Path) -> Path:
    """Return the socket of the private Redis; for a deep data folder a short path elsewhere."""
    path = data_dir / "redis.sock"
    if len(os.fsencode(path)) <= SOCKET_PATH_BYTES:
        return path
    digest = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"mentra-{os.getuid()}-{digest}.sock"


def private_redis_url(data_dir: Path) -> str:
    return f"unix://{redis_socket(data_dir)}"


def find_running_cloud(data_dir: Path) -> RunningCloud | None:
    """Return the cloud that runs on `data_dir`, or None; what a killed `up` left behind counts as none."""
    try:
        record = json.loads((data_dir / RUN_RECORD).read_text())
        running = RunningCloud(str(record["url"]), str(record["redis_url"]), int(record["pid"]))
        os.kill(running.pid, 0)
    except PermissionError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return running
