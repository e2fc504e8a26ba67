"""The example apps that come with this cloud, each a folder whose `app_config.json` says what it is registered with."""

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from apps_registry.rules import read_config

FOLDER = "examples"
CONFIG, REQUIREMENTS = "app_config.json", "requirements.txt"


@dataclass(frozen=True)
class Example:
    """One example; `details` are those of its config, by model name."""

    folder: str
    details: Mapping[str, Any]

    @property
    def name(self) -> str:
        """What people call it."""
        return str(self.details["name"])

    @property
    def description(self) -> str:
        """What it does, in a sentence."""
        return str(self.details["description"])

    @property
    def module(self) -> str:
        """What `python -m` runs."""
        return f"{FOLDER}.{self.folder}"

    @property
    def port(self) -> int | None:
        """Where it usually listens."""
        return urlsplit(str(self.details["public_url"])).port

    @property
    def requirements(self) -> str:
        """The file that names what it needs besides the cloud's own packages, or nothing."""
        file = Path(FOLDER, self.folder, REQUIREMENTS)
        return file.as_posix() if (settings.EXAMPLES_HOME / file).is_file() else ""

    def details_at(self, public_url: str) -> dict[str, Any]:
        """Return the details of the example where it is served at another address: its page moves along."""
        placed = {**self.details, "public_url": public_url}
        if page := placed.get("webview_url"):
            placed["webview_url"] = urlsplit(public_url)._replace(path=urlsplit(page).path, query="").geturl()
        return placed


def find_example(folder: str) -> Example | None:
    """Return the example of that folder, or None."""
    return next((example for example in list_examples() if example.folder == folder), None)


def list_examples() -> tuple[Example, ...]:
    """Return all there are, by where they listen; none where the cloud was installed without them."""
    return _read(settings.EXAMPLES_HOME)


@functools.cache
def _read(home: Path) -> tuple[Example, ...]:
    files = (home / FOLDER).glob(f"*/{CONFIG}")
    found = [
        Example(file.parent.name, read_config(json.loads(file.read_text(encoding="utf-8")))[0])
        for file in files
    ]
    return tuple(sorted(found, key=lambda example: (example.port or 0, example.name)))
