"""`up` runs a speech worker: it shows itself to the nodes, drains when asked to, and is started again."""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import psutil
import pytest
import redis

from tests.support.cloud import Cloud
from tests.support.cloud_fixtures import KNOWN_SECRET, SERVER

SCRIPTED = {
    "SPEECH_ENGINES": "scripted",
    "SPEECH_VAD": "energy",
    "SPEECH_TRANSLATORS": "",
    "SPEECH_VOICES": "",
}
WAIT_SECONDS = 30


@pytest.fixture(scope="module")
def talking_cloud() -> Iterator[Cloud]:
    """A cloud with one speech worker, whose engine is the scripted one."""
    with Cloud(
        KNOWN_SECRET | SCRIPTED, server=SERVER, arguments=("--no-demo", "--speech-workers", "1")
    ) as running:
        yield running


def entry(cloud: Cloud) -> dict[str, Any] | None:
    """Return what the worker shows of itself now."""
    record = json.loads((cloud.data_dir / "run.json").read_text())
    with redis.Redis.from_url(record["redis_url"]) as client:
        written = client.get("mentra:speech-worker:speech-1")
        assert written is None or isinstance(written, bytes)
        return None if written is None else dict(json.loads(written))


def wait_for(what: Callable[[], dict[str, Any] | None]) -> dict[str, Any]:
    deadline = time.monotonic() + WAIT_SECONDS
    while (found := what()) is None:
        assert time.monotonic() < deadline, "the worker did not show itself"
        time.sleep(0.05)
    return found


def test_the_worker_shows_where_it_is_and_what_it_can(talking_cloud: Cloud) -> None:
    shown = wait_for(lambda: entry(talking_cloud))

    assert shown["engines"][0]["name"] == "scripted"
    assert shown["engines"][0]["state"] == "ready"
    assert "*" in shown["languages"]
    assert shown["address"].startswith("127.0.0.1:")
    assert shown["pid"] == talking_cloud.part("speech_worker").pid
    assert not shown["isDraining"]


def test_a_worker_that_is_asked_to_end_is_started_again(talking_cloud: Cloud) -> None:
    first = wait_for(lambda: entry(talking_cloud))
    leaving = psutil.Process(first["pid"])
    leaving.terminate()
    leaving.wait(5)
    second = wait_for(
        lambda: shown if (shown := entry(talking_cloud)) and shown["pid"] != first["pid"] else None
    )

    assert second["workerId"] == first["workerId"]
    talking_cloud.wait_for_line("speech-1 ended")
