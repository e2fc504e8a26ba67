"""Runs `manage.py` commands in one process, as starting Django takes far longer than a command.

Each line read is a JSON array of arguments; the line of its answer is `{"output": …}` or `{"error": …}`.
"""

import contextlib
import io
import json
import sys

import django
from django.core.management import CommandError, call_command
from django.db import close_old_connections


def answer(arguments: list[str]) -> dict[str, str]:
    """Run one command as `manage.py` would and return what it printed, or why it failed."""
    output = io.StringIO()
    try:
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(io.StringIO()):
            call_command(*arguments)
    except (CommandError, SystemExit) as refusal:
        return {"error": str(refusal) or output.getvalue()}
    except Exception as failure:  # noqa: BLE001 - whatever a command raises belongs to the test that called it
        return {"error": f"{type(failure).__name__}: {failure}"}
    finally:
        close_old_connections()
    return {"output": output.getvalue()}


def serve() -> None:
    """Answer until standard input ends."""
    django.setup()
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    serve()
