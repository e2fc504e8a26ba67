"""Runs the app with the configuration in the environment: `python -m examples.notifications_reader`."""

from examples.notifications_reader.app import build_app
from mentra_sdk.starting import run_from_environment

DEFAULT_PORT = 8015

if __name__ == "__main__":
    run_from_environment(build_app, DEFAULT_PORT)
