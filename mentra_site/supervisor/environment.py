"""Before Django loads: turn the command line of `up` into environment variables, so settings are read once.

Imports no Django. Every refusal is one sentence on stderr and exit code 1.
"""

import argparse
import os
import sqlite3
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import environ

from mentra_site.places import HOME
from mentra_site.settings.data_folder import private_redis_url
from mentra_site.supervisor.errors import StartFailed
from mentra_site.supervisor.options import UpOptions, add_arguments

# Django 5.2 needs 3.31; `UPDATE … RETURNING` and strict time-outs came with 3.35.
OLDEST_SQLITE = (3, 35, 0)
# How far the ports of the media server are from that of the first node.
MEDIA_STEP = 100
MEDIA_PORTS = 100
HIGHEST_PORT = 65535


def prepare_environment(arguments: list[str]) -> None:
    """Set what the settings of `up` and of all its children depend on; `arguments` are those after `up`."""
    parser = argparse.ArgumentParser(prog="manage.py up", add_help=False)
    add_arguments(parser)
    known, _ = parser.parse_known_args([word for word in arguments if word not in ("-h", "--help")])
    environ.Env.read_env(HOME / ".env")
    data_dir = Path(known.data_dir or os.environ.get("MENTRA_DATA_DIR") or HOME / "var").resolve()
    options = UpOptions(known.host, known.port, known.nodes, known.server, data_dir, known.demo)
    try:
        check_data_folder(data_dir)
        check_sqlite()
    except StartFailed as refusal:
        sys.exit(f"up: {refusal}")
    os.environ["MENTRA_DATA_DIR"] = str(data_dir)
    os.environ.setdefault("REDIS_URL", private_redis_url(data_dir))
    os.environ.setdefault("PUBLIC_URL", options.url)
    if known.media:
        if known.port + MEDIA_STEP + MEDIA_PORTS > HIGHEST_PORT:
            sys.exit("up: --media needs ports above that of the nodes; choose a smaller --port.")
        for name, value in media_environment(options, os.environ["PUBLIC_URL"]).items():
            os.environ.setdefault(name, value)


def media_environment(options: UpOptions, public_url: str) -> dict[str, str]:
    """Return where the media server of `up` listens and what glasses and browsers are told.

    They come to the host of the public address, to the media server's own ports.
    """
    http, rtmp, srt = (options.port + step for step in (MEDIA_STEP, MEDIA_STEP + 1, MEDIA_STEP + 2))
    host = urlsplit(public_url).hostname or options.host
    return {
        "MEDIA_SERVER": "local",
        "MEDIA_SERVER_URL": options.address(http),
        "MEDIA_SERVER_HOST": options.host,
        "MEDIA_SERVER_PORT": str(http),
        "MEDIA_RTMP_PORT": str(rtmp),
        "MEDIA_SRT_PORT": str(srt),
        "MEDIA_PLAYBACK_URL": f"http://[{host}]:{http}" if ":" in host else f"http://{host}:{http}",
        "MEDIA_INGEST_HOST": host,
    }


def check_data_folder(data_dir: Path) -> None:
    """Make the folder if need be and prove that files can be written into it."""
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        (data_dir / "static").mkdir(exist_ok=True)
        with tempfile.TemporaryFile(dir=data_dir):
            pass
    except OSError as error:
        raise StartFailed(
            f"the data folder {data_dir} cannot be written ({error.strerror}); choose another by --data-dir."
        ) from error


def check_sqlite() -> None:
    """Refuse a SQLite that is too old, unless another database is configured."""
    url = os.environ.get("DATABASE_URL", "sqlite://")
    if url.startswith("sqlite") and sqlite3.sqlite_version_info < OLDEST_SQLITE:
        oldest = ".".join(map(str, OLDEST_SQLITE))
        raise StartFailed(
            f"Python's SQLite is {sqlite3.sqlite_version}, {oldest} or newer is needed; install a newer one "
            "or set DATABASE_URL to a PostgreSQL database."
        )
