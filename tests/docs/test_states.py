"""The drawn state machines are those of the code."""

from pathlib import Path

from sessions_app.management.commands.draw_states import states_page

PAGE = Path(__file__).resolve().parents[2] / "docs/states.md"


def test_the_drawn_states_are_up_to_date() -> None:
    assert PAGE.read_text() == states_page(), "Run: python manage.py draw_states > docs/states.md"
