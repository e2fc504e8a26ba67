"""Ends a process with whoever started it, however suddenly that dies: a killed test run leaves no cloud behind."""

import subprocess

# Its input ends when nobody holds the other end any more. No Python: a hundred clouds each have one.
_WATCH = 'read -r _; kill -TERM "$0"'


class Tether:
    """Asks the process `pid` to end once this process is gone; `cut` before it ends by itself."""

    def __init__(self, pid: int) -> None:
        self._watcher = subprocess.Popen(
            ["/bin/sh", "-c", _WATCH, str(pid)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={},
            start_new_session=True,
        )

    def cut(self) -> None:
        """Let the process go."""
        self._watcher.kill()
        self._watcher.communicate()
