"""Runs the app with the configuration in the environment: `python -m examples.hello_glasses`."""

from examples.hello_glasses.app import build_app
from mentra_sdk.starting import run_from_environment

DEFAULT_PORT = 8010

if __name__ == "__main__":
    run_from_environment(build_app, DEFAULT_PORT)
