"""Addresses, folders and records that other commands derive from the command line of `up`."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from mentra_site.settings.data_folder import find_running_cloud, redis_socket
from mentra_site.supervisor.errors import StartFailed
from mentra_site.supervisor.holder import hold_data_folder, recorded_run
from mentra_site.supervisor.options import UpOptions
from mentra_site.supervisor.private_redis import without_password


def options(host: str = "127.0.0.1", nodes: int = 1) -> UpOptions:
    return UpOptions(host, 8000, nodes, "daphne", Path("var"), demo=False)


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),  # noqa: S104
        ("::1", "http://[::1]:8000"),
        ("::", "http://[::1]:8000"),
        ("cloud.example.com", "http://cloud.example.com:8000"),
    ],
)
def test_the_own_address_is_one_a_client_can_dial(host: str, url: str) -> None:
    assert options(host).url == url


def test_nodes_stand_on_ports_in_a_row_and_lead_app_servers_to_themselves() -> None:
    asked = options(nodes=3)

    assert asked.ports == [8000, 8001, 8002]
    assert asked.node_url(8002, public_url=asked.url) == "http://127.0.0.1:8002"


def test_behind_a_proxy_app_servers_come_by_the_proxy() -> None:
    asked = options(nodes=3)

    assert asked.node_url(8002, public_url="https://glasses.example.com") == "https://glasses.example.com"


def test_a_short_folder_holds_its_own_socket(tmp_path: Path) -> None:
    assert redis_socket(Path("/var/lib/glasses")) == Path("/var/lib/glasses/redis.sock")


def test_a_deep_folder_gets_a_short_socket_of_its_own() -> None:
    deep, other = Path("/" + "a" * 120), Path("/" + "b" * 120)

    assert len(str(redis_socket(deep))) < 100
    assert redis_socket(deep) == redis_socket(deep)
    assert redis_socket(deep) != redis_socket(other)


def test_a_running_cloud_is_found_by_its_record(tmp_path: Path) -> None:
    with recorded_run(tmp_path, {"url": "http://here", "redis_url": "unix:///x", "pid": os.getpid()}):
        found = find_running_cloud(tmp_path)

    assert found is not None
    assert (found.url, found.redis_url) == ("http://here", "unix:///x")
    assert find_running_cloud(tmp_path) is None


@pytest.mark.parametrize(
    "record", ["", "{", "[]", '{"url": "x"}', '{"url": "x", "redis_url": "y", "pid": "z"}']
)
def test_a_broken_record_counts_as_none(tmp_path: Path, record: str) -> None:
    (tmp_path / "run.json").write_text(record)

    assert find_running_cloud(tmp_path) is None


def test_the_record_of_a_killed_cloud_counts_as_none(tmp_path: Path) -> None:
    with subprocess.Popen(["true"]) as gone:
        gone.wait()
    (tmp_path / "run.json").write_text(json.dumps({"url": "x", "redis_url": "y", "pid": gone.pid}))

    assert find_running_cloud(tmp_path) is None


def test_a_folder_has_one_holder_at_a_time(tmp_path: Path) -> None:
    refusal = f"held by process {os.getpid()} at http://first since "
    second = hold_data_folder(tmp_path, "http://second")
    with hold_data_folder(tmp_path, "http://first"), pytest.raises(StartFailed, match=refusal):
        second.__enter__()
    with hold_data_folder(tmp_path, "http://third"):
        pass


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("redis://:secret@host:1/0", "redis://***@host:1/0"),
        ("redis://me:secret@host:1", "redis://***@host:1"),
        ("unix:///tmp/redis.sock", "unix:///tmp/redis.sock"),
    ],
)
def test_a_password_is_not_shown(url: str, shown: str) -> None:
    assert without_password(url) == shown
