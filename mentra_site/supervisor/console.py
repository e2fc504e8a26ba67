"""What the operator reads on stderr: one line at a time, each under the name of the process that said it."""

import sys
from contextlib import suppress
from typing import TextIO

OWN_NAME = "up"
COLOURS = (36, 33, 32, 35, 34, 96, 93, 92)
NAME_WIDTH = 8


class Console:
    """Writes prefixed lines, coloured only where a person watches. A closed terminal is no reason to fail."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._coloured = self._stream.isatty()
        self._colour_of: dict[str, int] = {}

    def say(self, text: str) -> None:
        """Tell something of `up` itself."""
        self.show(OWN_NAME, text)

    def show(self, name: str, line: str) -> None:
        """Show one line of the process `name`."""
        with suppress(OSError, ValueError):
            self._stream.write(f"{self._prefix(name)} {line}\n")
            self._stream.flush()

    def show_block(self, text: str) -> None:
        """Show lines without a prefix, for a person to copy from."""
        with suppress(OSError, ValueError):
            self._stream.write(text.rstrip("\n") + "\n")
            self._stream.flush()

    def _prefix(self, name: str) -> str:
        label = f"{name:<{NAME_WIDTH}} |"
        if not self._coloured:
            return label
        colour = self._colour_of.setdefault(name, COLOURS[len(self._colour_of) % len(COLOURS)])
        return f"\x1b[{colour}m{label}\x1b[0m"
