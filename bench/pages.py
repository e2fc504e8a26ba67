"""`python -m bench.pages DATABASE_URL`: how long lists take with 10,000 apps, 100,000 sessions and a million messages.

Makes a database of its own on that PostgreSQL server, fills it, opens each list a few times and drops it.
"""

import os
import sys
import tempfile
import time
from statistics import median
from typing import TYPE_CHECKING

import django

from bench.stage import own_database

if TYPE_CHECKING:
    from django.test import Client

MOST_MS = 300.0
ROUNDS = 5
OK = 200


def main(server_url: str) -> int:
    """Measure every list; return how many took longer than they may."""
    with own_database(server_url) as url, tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "DATABASE_URL": url,
            "MENTRA_DATA_DIR": folder,
            "LOG_LEVEL": "CRITICAL",
            "DJANGO_SETTINGS_MODULE": "mentra_site.settings.dev",
        }
        django.setup()
        return _measure()


def _measure() -> int:
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    from accounts.models import User
    from bench.addresses import addresses_of_lists
    from bench.crowded import DEVELOPER, fill_database

    call_command("migrate", verbosity=0)
    began = time.monotonic()
    fill_database()
    _say(f"Filled in {time.monotonic() - began:.0f} s. Each list {ROUNDS} times, the middle and the slowest:")
    client = Client()
    client.force_login(User.objects.get(email=DEVELOPER))
    slow = sum(_open(client, path) > MOST_MS for path in addresses_of_lists(app_pk=1))
    connection.close()
    _say(f"{slow} above {MOST_MS:.0f} ms.")
    return slow


def _open(client: "Client", path: str) -> float:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    if client.get(path).status_code != OK:
        return 0.0
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        client.get(path)
        times.append((time.perf_counter() - began) * 1_000)
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    slowest = max(queries.captured_queries, key=lambda query: float(query["time"]), default=None)
    middle = median(times)
    mark = "ABOVE" if middle > MOST_MS else ""
    _say(f"{path:58} {len(queries):3} queries {middle:7.0f} ms {max(times):7.0f} ms {mark}")
    if mark and slowest is not None:
        _say(f"    {slowest['time']} s: {slowest['sql'][:300]}")
    return middle


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]) > 0)
