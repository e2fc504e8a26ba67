"""Draws the state machines of a session and of an app in it, from their tables, for docs/states.md."""

from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand

from sessions_app.app_runs import rules as run_rules
from sessions_app.lifecycle import rules as session_rules
from sessions_app.states import RunState, SessionState

INTRODUCTION = """# States

Drawn from the tables in `sessions_app/lifecycle/rules.py` and `sessions_app/app_runs/rules.py` by
`python manage.py draw_states > docs/states.md`. A move that is not drawn here raises an error.
"""


class Command(BaseCommand):
    help = "Print docs/states.md: both state machines as Mermaid diagrams."

    def handle(self, *_: Any, **__: Any) -> None:
        self.stdout.write(states_page(), ending="")


def states_page() -> str:
    """Return the page as Markdown."""
    session = ((str(a), str(event), str(b)) for (a, event), b in session_rules.TRANSITIONS.items())
    run = ((str(a or ""), str(event), str(b)) for (a, event), b in run_rules.TRANSITIONS.items())
    return "\n".join(
        (
            INTRODUCTION,
            "## A user session\n",
            _diagram(session, SessionState.CONNECTING, SessionState.DISPOSED),
            "## An app in a session\n",
            _diagram(run, "", RunState.STOPPED),
        )
    )


def _diagram(moves: Iterable[tuple[str, str, str]], first: str, last: str) -> str:
    lines = ["```mermaid", "stateDiagram-v2"]
    if first:
        lines.append(f"    [*] --> {first}")
    lines.extend(f"    {before or '[*]'} --> {after}: {event}" for before, event, after in moves)
    return "\n".join((*lines, f"    {last} --> [*]", "```\n"))
