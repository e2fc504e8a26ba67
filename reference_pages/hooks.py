"""What MkDocs calls while it builds the site: adds pages made from the code, takes marks for tests out of the others.

An entry of the navigation with a `*` stands for all pages that it fits, the index of a folder first.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import Any

import django
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentra_site.settings.test")
# Tells how a block of code is tested, see tests/support/documents.py; readers need not see it.
_MARK = re.compile(r"^[ ]*<!-- (?:run by|not run:) .*? -->\n", re.MULTILINE)
_made: dict[str, str] = {}


def on_config(config: MkDocsConfig) -> None:
    """Make the pages, and let the navigation name them."""
    django.setup()
    from reference_pages.contents import made_pages

    _made.update(made_pages())
    config.nav = _filled(config.nav, Path(config.docs_dir))


def on_files(files: Files, config: MkDocsConfig) -> None:
    """Add the pages that are made from the code."""
    for path, text in _made.items():
        files.append(File.generated(config, path, content=text))


def on_page_markdown(markdown: str, **_: object) -> str:
    """Return the page without marks for tests."""
    return _MARK.sub("", markdown)


def _filled(entry: Any, docs: Path) -> Any:
    match entry:
        case list():
            return [each for one in entry for each in _expanded(one, docs)]
        case dict():
            return {title: _filled(inner, docs) for title, inner in entry.items()}
    return entry


def _expanded(entry: Any, docs: Path) -> Iterator[Any]:
    if not (isinstance(entry, str) and "*" in entry):
        yield _filled(entry, docs)
        return
    written = sorted(str(path.relative_to(docs)) for path in docs.glob(entry))
    made = (path for path in _made if PurePath(path).match(entry) and path.count("/") == entry.count("/"))
    yield from sorted(dict.fromkeys((*written, *made)), key=lambda path: not path.endswith("/index.md"))
