"""The hooks take marks out of pages and put folders into the navigation."""

from pathlib import Path

from reference_pages import hooks


def test_marks_for_tests_are_taken_out() -> None:
    page = "<!-- run by tests/docs/test_x.py -->\nRun it:\n\n    <!-- not run: it needs a network -->\n    ```bash\n"
    assert hooks.on_page_markdown(page) == "Run it:\n\n    ```bash\n"


def test_a_folder_in_the_navigation_stands_for_its_pages(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    for name in ("b.md", "index.md", "a.md"):
        (tmp_path / "notes" / name).write_text("")
    assert hooks._filled([{"Notes": ["notes/*.md"]}, "none*.md", "end.md"], tmp_path) == [
        {"Notes": ["notes/index.md", "notes/a.md", "notes/b.md"]},
        "end.md",
    ]
