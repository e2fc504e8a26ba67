"""The end of a node's process and of its sockets: soon, whatever happens."""

import faulthandler
import os
import signal
import sys
import threading

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)
# `up` and most service managers kill after ten seconds; ending by ourselves leaves a trace of what hung.
LONGEST_STOP_SECONDS = 9.0
# How long a peer may take to answer our close: it may have much to read before it comes to the reason.
CLOSE_SECONDS = 4.0
# How long an application may keep a peer that closed its socket waiting for the answer.
LONGEST_GOODBYE_SECONDS = 2.5


def end_process_in_time(seconds: float = LONGEST_STOP_SECONDS) -> None:
    """End this process after `seconds` even if its event loop hangs, showing where every thread was."""
    timer = threading.Timer(seconds, _end_now)
    timer.daemon = True
    timer.start()


def _end_now() -> None:
    faulthandler.dump_traceback(file=sys.stderr)
    os._exit(1)
