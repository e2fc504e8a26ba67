"""Does the app's server answer? Asked as the SDKs let it be asked: GET /health names the app."""

import json
from dataclasses import dataclass

from apps_registry.models import App
from sessions_app.outbound.guard import call_outside_once

SECONDS = 3
_SERVER_ERROR = 500


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether the right server answers, and what to say about it."""

    answers: bool
    words: str


def look_for_server(app: App) -> Finding:
    """Call the app's server, blocking, and return what was found."""
    answer = call_outside_once("GET", f"{app.public_url}/health", timeout_seconds=SECONDS)
    if answer.status is None:
        return Finding(False, f"Nothing answers yet: {answer.problem}.")
    named = _app_named(answer.body)
    if named == app.package_name:
        return Finding(True, f"Your server answers and says that it is {app.package_name}.")
    if named is not None:
        return Finding(
            False, "Another app answers at this address. Does an older server still run on the port?"
        )
    if answer.status >= _SERVER_ERROR:
        return Finding(False, f"A server answers, but with HTTP {answer.status}.")
    return Finding(True, f"A server answers (HTTP {answer.status}); it does not say which app it is.")


def _app_named(body: bytes) -> str | None:
    try:
        said = json.loads(body)
    except ValueError:
        return None
    name = said.get("app") if isinstance(said, dict) else None
    return name if isinstance(name, str) else None
