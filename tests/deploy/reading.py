"""How tests read deploy/: YAML, environment files, the Dockerfile, and commands by their own parsers."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click
import yaml
from celery.bin.beat import beat
from celery.bin.worker import worker
from django.core.management import get_commands, load_command_class

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text()
SETTINGS = "".join(path.read_text() for path in sorted((ROOT / "mentra_site" / "settings").glob("*.py")))
REQUIRED = set(re.findall(r'"([A-Z_]+)"', re.findall(r"_REQUIRED = \((.*?)\)", SETTINGS, re.DOTALL)[0]))
_VARIABLE = re.compile(r"^(?:# )?([A-Z][A-Z_]*)=(.*)$", re.MULTILINE)


def read_yaml(file: Path) -> list[dict[str, Any]]:
    """Return the documents of a file."""
    return list(yaml.safe_load_all(file.read_text()))


def read_env(file: Path) -> dict[str, str]:
    """Return the variables of an environment file, with those that are commented out."""
    return dict(_VARIABLE.findall(file.read_text()))


def unknown_settings(names: Iterable[str]) -> list[str]:
    """Return the names that no setting reads."""
    return sorted(name for name in {*names} - {"DJANGO_SETTINGS_MODULE"} if f'"{name}"' not in SETTINGS)


def parse_command(words: list[str]) -> dict[str, Any]:
    """Have a command's own parser read its options and return them; it exits or raises when it does not know one."""
    program, *rest = words
    if program == "glasses-cloud":
        name, *options = rest
        parser = load_command_class(get_commands()[name], name).create_parser(program, name)
        return vars(parser.parse_args(options))
    assert [program, *rest[:2]] == ["celery", "-A", "mentra_site"]
    part = {"worker": worker, "beat": beat}[rest[2]]
    known, left, _ = part.make_parser(click.Context(part)).parse_args(rest[3:])
    assert not left
    return dict(known)


def stages() -> dict[str, str]:
    """Return the text of each stage of the Dockerfile by its name."""
    parts = re.split(r"^FROM (\S+) AS (\S+)$", DOCKERFILE, flags=re.MULTILINE)[1:]
    return {name: f"{base}\n{text}" for base, name, text in zip(*[iter(parts)] * 3, strict=True)}


def command_of(stage: str) -> list[str]:
    """Return what an image runs: the words of CMD in its exec form."""
    (words,) = re.findall(r"^CMD (\[.*\])$", stage, re.MULTILINE)
    return [str(word) for word in yaml.safe_load(words)]


def walk(node: Any) -> Iterator[dict[str, Any]]:
    """Yield every mapping inside a document, at any depth."""
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from walk(value)
    elif isinstance(node, list):
        for value in node:
            yield from walk(value)
