"""The programs of the tour, with the facts of one's own app filled in, and the commands that run them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from apps_registry.models import App

PROGRAMS = Path(__file__).with_name("programs")
NO_KEY = "paste your API key here"
USUAL_PORT = 3000


@dataclass(frozen=True, slots=True)
class Program:
    """One way to say hello: `language` for people, the file's name, its text and how to run it."""

    id: str
    language: str
    file: str
    code: str
    commands: str


_WAYS = (
    (
        "sdk3",
        "TypeScript, SDK 3",
        "hello.ts",
        "mkdir hello && cd hello\n"
        "npm install @mentra/sdk@3.0.0-alpha.4 bun@1.4.5\n"
        "# save the code as hello.ts, then:\n"
        "npx bun hello.ts",
    ),
    (
        "sdk2",
        "JavaScript, SDK 2",
        "hello.mjs",
        "mkdir hello && cd hello\n"
        "npm install @mentra/sdk@2.1.29\n"
        "# save the code as hello.mjs, then:\n"
        "node hello.mjs",
    ),
    (
        "python",
        "Python",
        "hello.py",
        "# save the code as hello.py in the folder of this cloud's code, where mentra_sdk is, then:\n"
        ".venv/bin/python hello.py",
    ),
)


def programs_for(app: App, api_key: str = "") -> list[Program]:
    """Return the programs for `app`; without a key they hold a placeholder."""
    facts = {
        "PACKAGE_NAME": app.package_name,
        "API_KEY": api_key or NO_KEY,
        "PORT": port_of(app.public_url),
        "CLOUD_URL": settings.PUBLIC_URL,
    }
    return [Program(id_, language, file, _fill(file, facts), run) for id_, language, file, run in _WAYS]


def port_of(public_url: str) -> int:
    """Return the port the server listens on; an address without one leads there through a tunnel or a proxy."""
    return urlsplit(public_url).port or USUAL_PORT


def is_behind_another(public_url: str) -> bool:
    """Say whether something else must lead from this address to the server's own port."""
    return urlsplit(public_url).port is None


def _fill(file: str, facts: Mapping[str, str | int]) -> str:
    code = (PROGRAMS / f"{file}.txt").read_text(encoding="utf-8")
    for name, value in facts.items():
        code = code.replace(json.dumps(name), json.dumps(value))
    return code
