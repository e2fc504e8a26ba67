"""Running an app with the configuration in the environment, as examples and containers do."""

import logging
import os
import sys
from typing import Protocol

from mentra_sdk.errors import ServerError

DEFAULT_HOST = "127.0.0.1"
HIGHEST_PORT = 65_535


class Runnable(Protocol):
    """An app; `run` returns when it was asked to end and raises ServerError when it cannot serve."""

    def run(self) -> None: ...


class BuildApp(Protocol):
    """Makes the app; called with keywords only."""

    def __call__(
        self, *, package_name: str, api_key: str, port: int, host: str, webhook_secret: str | None
    ) -> Runnable: ...


def run_from_environment(build_app: BuildApp, default_port: int) -> None:
    """Serve until Ctrl-C; end the process with one sentence about what is missing otherwise.

    PACKAGE_NAME and API_KEY are needed; PORT, HOST and WEBHOOK_SECRET may be set.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    package_name, api_key = os.environ.get("PACKAGE_NAME"), os.environ.get("API_KEY")
    if not package_name or not api_key:
        sys.exit("Set PACKAGE_NAME and API_KEY; the cloud tells both when the app is registered.")
    port = os.environ.get("PORT") or str(default_port)
    if not (port.isascii() and port.isdigit() and 0 < int(port) <= HIGHEST_PORT):
        sys.exit(f"PORT must be a number from 1 to {HIGHEST_PORT}, not {port!r}.")
    app = build_app(
        package_name=package_name,
        api_key=api_key,
        port=int(port),
        host=os.environ.get("HOST") or DEFAULT_HOST,
        webhook_secret=os.environ.get("WEBHOOK_SECRET") or None,
    )
    try:
        app.run()
    except ServerError as problem:
        sys.exit(f"{problem}. Choose another PORT.")
