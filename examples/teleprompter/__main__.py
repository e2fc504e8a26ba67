"""Runs the app with the configuration in the environment: `python -m examples.teleprompter`.

SCRIPT_FILE may name a text file; it is what wearers read who put no script of their own into the settings.
"""

import functools
import os
import sys
from pathlib import Path

from examples.teleprompter.app import WELCOME, build_app
from mentra_sdk.starting import run_from_environment

DEFAULT_PORT = 8013

if __name__ == "__main__":
    file = os.environ.get("SCRIPT_FILE")
    try:
        script = Path(file).read_text(encoding="utf-8") if file else WELCOME
    except (OSError, UnicodeDecodeError) as problem:
        sys.exit(f"SCRIPT_FILE cannot be read: {problem}.")
    run_from_environment(functools.partial(build_app, script=script), DEFAULT_PORT)
