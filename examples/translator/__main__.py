"""Runs the app with the configuration in the environment: `python -m examples.translator`."""

from examples.translator.app import build_app
from mentra_sdk.starting import run_from_environment

DEFAULT_PORT = 8012

if __name__ == "__main__":
    run_from_environment(build_app, DEFAULT_PORT)
