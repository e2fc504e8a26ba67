"""Runs the app with the configuration in the environment: `python -m examples.todo_list`.

CLOUD_URL is the cloud whose users may see the page; TODO_FILE holds the lists. MENTRAOS_CLOUD_USER_TOKEN_PUBLIC_KEY
(PEM) is needed only with a cloud that publishes no keys.
"""

import os
import sqlite3
import sys

import uvicorn
from fastapi import FastAPI

from examples.todo_list.items import Items
from examples.todo_list.web import build_web
from mentra_sdk.errors import ServerError
from mentra_sdk.starting import run_from_environment
from mentra_sdk.webview import Visitors

DEFAULT_PORT = 8014
DEFAULT_CLOUD_URL = "http://127.0.0.1:8000"
DEFAULT_FILE = "todo.sqlite3"
# Pages that wait for changes never end by themselves.
END_SECONDS = 2


class WebProgram:
    """A web application and where it listens."""

    def __init__(self, web: FastAPI, *, host: str, port: int) -> None:
        self._web = web
        self._host = host
        self._port = port

    def run(self) -> None:
        """Serve until Ctrl-C or SIGTERM; raises ServerError."""
        try:
            uvicorn.run(
                self._web,
                host=self._host,
                port=self._port,
                log_level="info",
                access_log=False,
                timeout_graceful_shutdown=END_SECONDS,
            )
        except SystemExit as problem:
            raise ServerError(f"cannot listen on port {self._port}") from problem


def build(
    *, package_name: str, api_key: str, port: int, host: str, webhook_secret: str | None = None
) -> WebProgram:
    """Return the app with its pages, ready to run."""
    visitors = Visitors(
        package_name=package_name,
        api_key=api_key,
        cloud_url=os.environ.get("CLOUD_URL") or DEFAULT_CLOUD_URL,
        public_key=os.environ.get("MENTRAOS_CLOUD_USER_TOKEN_PUBLIC_KEY"),
    )
    file = os.environ.get("TODO_FILE") or DEFAULT_FILE
    try:
        items = Items(file)
    except sqlite3.Error as problem:
        sys.exit(f"TODO_FILE cannot be used: {file}: {problem}.")
    web = build_web(
        items, visitors, package_name=package_name, api_key=api_key, webhook_secret=webhook_secret
    )
    return WebProgram(web, host=host, port=port)


if __name__ == "__main__":
    run_from_environment(build, DEFAULT_PORT)
