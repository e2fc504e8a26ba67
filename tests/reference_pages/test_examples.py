"""Every example has its page, and the overview leads there."""

from reference_pages.examples import EXAMPLES, example_pages


def test_every_example_has_a_page_to_which_the_overview_leads() -> None:
    pages = example_pages()
    folders = {path.parent.name for path in EXAMPLES.glob("*/app_config.json")}
    assert folders
    assert {f"{name}.md" for name in folders} | {"index.md"} == set(pages)
    assert [name for name in folders if f"({name}.md)" not in pages["index.md"]] == []
