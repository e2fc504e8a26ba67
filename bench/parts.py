"""The parts of a run, as a command line names them."""

import argparse
from collections.abc import Callable, Collection


def parts_of(known: Collection[str]) -> Callable[[str], frozenset[str]]:
    """Return what reads some of the known names from a comma-separated text, for an argument's `type`."""

    def parse(text: str) -> frozenset[str]:
        parts = frozenset(text.split(","))
        if not parts <= set(known):
            raise argparse.ArgumentTypeError(f"parts are {', '.join(known)}")
        return parts

    return parse
