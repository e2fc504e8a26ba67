"""The pages of the examples: their READMEs, with links that hold in the site."""

import re
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"


def example_pages() -> dict[str, str]:
    """Return the pages by their file's name, the overview first."""
    overview = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    pages = {"index.md": re.sub(r"\]\((\w+)/\)", r"](\1.md)", overview)}
    return pages | {
        f"{readme.parent.name}.md": readme.read_text(encoding="utf-8")
        for readme in sorted(EXAMPLES.glob("*/README.md"))
    }
