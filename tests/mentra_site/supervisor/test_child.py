"""One child of `up`: its words are shown, its death is mended, its end is certain."""

import asyncio
import io
import os
import signal
import sys
import time

import pytest

from mentra_site.supervisor import child
from mentra_site.supervisor.child import Child, ChildSpec, restart_delay
from mentra_site.supervisor.console import Console


class Terminal(io.StringIO):
    """Tells when something new was written."""

    def __init__(self) -> None:
        super().__init__()
        self.news = asyncio.Event()

    def write(self, text: str) -> int:
        self.news.set()
        return super().write(text)


class Watched:
    """A child that runs a line of Python, and what the operator reads of it."""

    def __init__(self, code: str) -> None:
        self.text = Terminal()
        command = (sys.executable, "-u", "-c", code)
        self.child = Child(ChildSpec("job", command, os.environ), Console(self.text))

    @property
    def lines(self) -> list[str]:
        return self.text.getvalue().splitlines()

    async def wait_for(self, words: str, seconds: float = 10, *, times: int = 1) -> None:
        async with asyncio.timeout(seconds):
            while self.text.getvalue().count(words) < times:
                self.text.news.clear()
                await self.text.news.wait()


@pytest.mark.parametrize(
    ("deaths", "seconds"), [(1, 0.5), (2, 1.0), (3, 2.0), (4, 4.0), (5, 8.0), (6, 10.0), (50, 10.0)]
)
def test_each_death_in_a_row_waits_longer_up_to_ten_seconds(deaths: int, seconds: float) -> None:
    assert restart_delay(deaths) == seconds


async def test_each_line_is_shown_under_the_name_of_its_process() -> None:
    # One write: what follows the line that is waited for is in the pipe when the line is.
    watched = Watched("import os, time; os.write(1, b'one\\ntwo'); time.sleep(60)")
    await watched.child.start()
    await watched.wait_for("one")
    await watched.child.stop(5)

    assert watched.lines[:2] == ["job      | one", "job      | two"]


async def test_a_line_without_end_and_bytes_that_are_no_text_are_shown() -> None:
    watched = Watched("import sys; sys.stdout.buffer.write(b'x' * 200_000 + b'\\xff\\n'); sys.stdin.read()")
    await watched.child.start()
    await watched.wait_for("\\xff")
    await watched.child.stop(5)

    assert sum(line.count("x") for line in watched.lines if line.startswith("job")) >= 200_000


async def test_a_child_that_dies_is_started_again_and_the_reason_is_told() -> None:
    watched = Watched("print('here'); raise SystemExit(3)")
    await watched.child.start()
    await watched.wait_for("starting it again in 1 s")
    await watched.child.stop(5)

    told = [line for line in watched.lines if line.startswith("up")]
    assert told[0] == "up       | job ended (exit code 3); starting it again in 0.5 s."
    assert watched.text.getvalue().count("here") == 2


async def test_a_child_that_is_asked_to_end_is_started_again_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "SETTLED_SECONDS", 0.0)
    code = "import signal, time; signal.signal(signal.SIGTERM, lambda *_: exit(0)); print('here'); time.sleep(60)"
    watched = Watched(code)
    await watched.child.start()
    for times in (1, 2, 3):
        await watched.wait_for("here\n", times=times)
        watched.child.send_signal(signal.SIGTERM)
        await watched.wait_for("job ended as asked; starting it again.", times=times)
    await watched.child.stop(5)

    assert watched.child.deaths == 0


async def test_a_child_that_ends_well_but_too_soon_is_given_time() -> None:
    watched = Watched("print('nothing to do')")
    await watched.child.start()
    await watched.wait_for("job ended (exit code 0); starting it again in 1 s")
    await watched.child.stop(5)


async def test_a_child_that_ignores_the_signal_is_killed_after_its_budget() -> None:
    code = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf'); time.sleep(60)"
    watched = Watched(code)
    await watched.child.start()
    await watched.wait_for("deaf")
    begun = time.monotonic()
    await watched.child.stop(0.3)

    assert time.monotonic() - begun < 3
    assert not watched.child.is_running
    assert "job did not end within 0 s; killing it." in watched.text.getvalue()


async def test_what_a_child_started_ends_with_it() -> None:
    code = "import subprocess, sys; print(subprocess.Popen(['sleep', '60']).pid); sys.stdin.read()"
    watched = Watched(f"{code}; import time; time.sleep(60)")
    await watched.child.start()
    await watched.wait_for("\n")
    grandchild = int(watched.lines[0].split("|")[1])
    await watched.child.stop(5)

    with pytest.raises(ProcessLookupError):
        for _ in range(100):
            os.kill(grandchild, 0)
            await asyncio.sleep(0.02)


def test_colours_are_for_people_only() -> None:
    class Screen(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal, pipe = Screen(), io.StringIO()
    Console(terminal).show("node-1", "hello")
    Console(pipe).show("node-1", "hello")

    assert terminal.getvalue() == "\x1b[36mnode-1   |\x1b[0m hello\n"
    assert pipe.getvalue() == "node-1   | hello\n"


def test_a_closed_terminal_is_no_reason_to_fail() -> None:
    gone = io.StringIO()
    console = Console(gone)
    gone.close()

    console.say("still stopping")
