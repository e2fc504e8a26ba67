"""The garbage collector while a process loads: as it is set, it looks through every module again and again."""

import atexit
import gc

# New objects between two looks. Loading makes some two million that stay, and hardly one to collect.
LOADING = 50_000
SERVING = gc.get_threshold()


def begin_loading() -> None:
    """Have the collector look rarely from now on, and not at all while the process ends."""
    gc.set_threshold(LOADING)
    atexit.register(gc.freeze)


def end_loading() -> None:
    """Keep the collector from what stays anyway: looking through it would halt every socket for long."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*SERVING)
