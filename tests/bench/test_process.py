"""A node counts as started when it answers, not when its port is bound."""

import asyncio
import sys
from pathlib import Path

import pytest

from bench.process import Process, RunningProcess, Together
from bench.stage import free_port

SLOW_TO_ANSWER = """
import http.server, pathlib, sys
asked = pathlib.Path(sys.argv[2])
class Probe(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        first = not asked.exists()
        asked.write_text(self.path)
        self.send_response(503 if first else 200)
        self.end_headers()
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Probe).serve_forever()
"""


class Fixed:
    """A process whose CPU clock stands still."""

    def __init__(self, used: float) -> None:
        self.used = used

    def cpu_seconds(self) -> float:
        return self.used


async def test_a_probe_is_asked_until_it_answers_200_also_after_a_kill(tmp_path: Path) -> None:
    port, asked = free_port(), tmp_path / "asked"
    process = Process(
        "prober", ["-c", SLOW_TO_ANSWER, str(port), str(asked)], {}, tmp_path / "log", probe="/livez"
    )
    try:
        for _ in range(2):
            await process.start(port)
            assert asked.read_text() == "/livez"
            process.kill()
            asked.unlink()
            process.stop()
    finally:
        process.stop()
    log = (tmp_path / "log").read_text()
    assert log.count('"GET /livez HTTP/1.1" 503') == log.count('"GET /livez HTTP/1.1" 200') == 2


async def test_a_process_that_ends_is_told_with_its_last_words(tmp_path: Path) -> None:
    process = Process("quitter", ["-c", "raise SystemExit('no database')"], {}, tmp_path / "log")
    with pytest.raises(RuntimeError, match=r"quitter does not answer(.|\n)*no database"):
        await process.start(free_port())


async def test_the_cpu_time_of_processes_is_added_up() -> None:
    assert Together(Fixed(1.5), Fixed(2.0)).cpu_seconds() == 3.5
    spinning = await asyncio.create_subprocess_exec(sys.executable, "-c", "while True: pass")
    try:
        clock = RunningProcess(spinning.pid)
        before = clock.cpu_seconds()
        async with asyncio.timeout(30):
            while clock.cpu_seconds() <= before:  # noqa: ASYNC110 - a clock tells nobody that it moved
                await asyncio.sleep(0.01)
    finally:
        spinning.kill()
        await spinning.wait()
