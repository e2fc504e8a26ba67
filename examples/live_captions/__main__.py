"""Runs the app with the configuration in the environment: `python -m examples.live_captions`."""

import logging
import os
import sys

from examples.live_captions.app import build_app
from mentra_sdk.errors import ServerError

DEFAULT_PORT = "8011"


def main() -> None:
    """Serve until Ctrl-C; say in one sentence what is missing otherwise."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    package_name, api_key = os.environ.get("PACKAGE_NAME"), os.environ.get("API_KEY")
    port = os.environ.get("PORT", DEFAULT_PORT)
    if not package_name or not api_key:
        sys.exit("Set PACKAGE_NAME and API_KEY; `python manage.py create_app` prints both.")
    if not port.isdigit():
        sys.exit(f"PORT must be a number, not {port!r}.")
    app = build_app(
        package_name=package_name,
        api_key=api_key,
        port=int(port),
        host=os.environ.get("HOST", "127.0.0.1"),
        webhook_secret=os.environ.get("WEBHOOK_SECRET") or None,
    )
    try:
        app.run()
    except ServerError as problem:
        sys.exit(f"{problem}. Choose another PORT.")


if __name__ == "__main__":
    main()
