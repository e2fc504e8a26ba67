"""Does the app's server answer? Asked as the SDKs let it be asked: GET /health names the app."""

import json
from dataclasses import dataclass

from apps_registry.models import App
from consoles.developer.url_check import HEALTH_PATH, judge
from sessions_app.outbound.guard import call_outside_once

SECONDS = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether the right server answers, and what to say about it."""

    answers: bool
    words: str


def look_for_server(app: App) -> Finding:
    """Call the app's server, blocking, and return what was found."""
    answer = call_outside_once("GET", app.public_url + HEALTH_PATH, timeout_seconds=SECONDS)
    named = _app_named(answer.body)
    if named == app.package_name:
        return Finding(True, f"Your server answers and says that it is {app.package_name}.")
    if named is not None:
        return Finding(
            False, "Another app answers at this address. Does an older server still run on the port?"
        )
    report = judge(app.public_url, answer)
    return Finding(report.outcome == "good", " ".join((report.said, *report.hints[:1])))


def _app_named(body: bytes) -> str | None:
    try:
        said = json.loads(body)
    except ValueError:
        return None
    name = said.get("app") if isinstance(said, dict) else None
    return name if isinstance(name, str) else None
