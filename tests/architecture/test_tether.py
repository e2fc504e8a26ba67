"""A test run that is killed takes its clouds with it."""

import subprocess
import sys

import psutil

from tests.support.commands import ROOT
from tests.support.processes import wait_for_the_end_of

RUN = """
import subprocess, sys, time
from tests.support.tether import Tether
tied, free = (subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) for _ in range(2))
Tether(tied.pid)
Tether(free.pid).cut()
print(tied.pid, free.pid, flush=True)
time.sleep(60)
"""


def test_what_is_tied_ends_with_the_run_and_what_was_cut_free_goes_on() -> None:
    with subprocess.Popen([sys.executable, "-c", RUN], cwd=ROOT, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        tied, free = (int(pid) for pid in run.stdout.readline().split())
        run.kill()

    wait_for_the_end_of(tied)
    alive = psutil.Process(free)
    assert alive.is_running()
    alive.kill()
