"""Draws the state machines of a session, its apps and its camera stream, and of an app's review, for docs/states.md."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.management.base import BaseCommand

from apps_registry.rules import StoreStatus
from apps_registry.rules import review as review_rules
from sessions_app.app_runs import rules as run_rules
from sessions_app.lifecycle import rules as session_rules
from sessions_app.states import RunState, SessionState
from sessions_app.streaming import rules as stream_rules

INTRODUCTION = """# States

Drawn by `python manage.py draw_states > docs/states.md` from the tables in `sessions_app/lifecycle/rules.py`,
`sessions_app/app_runs/rules.py`, `sessions_app/streaming/rules.py` and `apps_registry/rules/review.py`. A move that is
not drawn here raises an error.
"""


class Command(BaseCommand):
    help = "Print docs/states.md: the state machines as Mermaid diagrams."

    def handle(self, *_: Any, **__: Any) -> None:
        self.stdout.write(states_page(), ending="")


def states_page() -> str:
    """Return the page as Markdown."""
    session = ((str(a), str(event), str(b)) for (a, event), b in session_rules.TRANSITIONS.items())
    run = ((str(a or ""), str(event), str(b)) for (a, event), b in run_rules.TRANSITIONS.items())
    stream = ((str(a or ""), str(event), str(b)) for (a, event), b in stream_rules.TRANSITIONS.items())
    review = ((str(a), str(event), str(b)) for (a, event), b in review_rules.TRANSITIONS.items())
    return "\n".join(
        (
            INTRODUCTION,
            "## A user session\n",
            _machine(session, SessionState.CONNECTING, SessionState.DISPOSED),
            "## An app in a session\n",
            _machine(run, "", RunState.STOPPED),
            "## A camera stream\n",
            _machine(stream, "", *sorted(stream_rules.ENDS)),
            "## The review of an app\n",
            _machine(review, StoreStatus.DEVELOPMENT),
        )
    )


def _machine(moves: Iterable[tuple[str, str, str]], first: str, *last: str) -> str:
    """Return a machine drawn, and below it each move as a row: drawings of large ones are hard to follow."""
    listed = list(moves)
    return f"{_diagram(listed, first, *last)}\n{_rows(listed)}"


def _diagram(moves: Sequence[tuple[str, str, str]], first: str, *last: str) -> str:
    arrows: dict[tuple[str, str], list[str]] = {}
    for before, event, after in moves:
        arrows.setdefault((before or "[*]", after), []).append(event)
    lines = ["```mermaid", "stateDiagram-v2"]
    if first:
        lines.append(f"    [*] --> {first}")
    lines.extend(
        f"    {before} --> {after}: {', '.join(events)}" for (before, after), events in arrows.items()
    )
    lines.extend(f"    {end} --> [*]" for end in last)
    return "\n".join((*lines, "```\n"))


def _rows(moves: Sequence[tuple[str, str, str]]) -> str:
    found: dict[tuple[str, str], list[str]] = {}
    for before, event, after in moves:
        found.setdefault((event, after), []).append(f"`{before}`" if before else "nothing")
    lines = ["| What happens | From | To |", "|---|---|---|"]
    lines.extend(
        f"| {event} | {', '.join(befores)} | `{after}` |" for (event, after), befores in found.items()
    )
    return "\n".join((*lines, ""))
