"""The page of settings: type and default as the settings modules read them, the meaning as `meanings.toml` says."""

import ast
import math
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from reference_pages.markdown import code, table

FOLDER = Path(__file__).resolve().parents[1] / "mentra_site" / "settings"
MEANINGS = FOLDER / "meanings.toml"

INTRODUCTION = """# Settings

All come from environment variables; a file `.env` beside `manage.py` is read too. A list is written with commas,
*on* and *off* as `1` and `0`. Production refuses to start without those that it requires.

"""
TYPES = {
    "str": "text",
    "int": "whole number",
    "float": "number",
    "bool": "on or off",
    "list": "list",
    "json": "JSON",
    "db_url": "address",
    "email": "address",
}
_ENVIRONMENTS = {"dev.py": "in development", "prod.py": "in production"}


@dataclass(slots=True)
class Reading:
    """How the code reads a setting: `default` is None where it is computed; `elsewhere` has those of environments."""

    kind: str
    default: str | None
    elsewhere: dict[str, str | None] = field(default_factory=dict)
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """What a few settings mean; `default` in words where the code cannot tell it."""

    names: list[str]
    meaning: str
    default: str = ""


def settings_page() -> str:
    """Return the page; KeyError for a setting that is described and never read."""
    readings = read_settings()
    parts = [INTRODUCTION]
    for title, entries in described().items():
        rows = [_row(entry, readings) for entry in entries]
        parts.append(f"## {title}\n\n" + table(("Variable", "Type", "Default", "Meaning"), rows))
    return "".join(parts)


def described() -> dict[str, list[Entry]]:
    """Return what `meanings.toml` says, by group."""
    groups = tomllib.loads(MEANINGS.read_text(encoding="utf-8"))["group"]
    return {group["title"]: [Entry(**each) for each in group["setting"]] for group in groups}


def read_settings(folder: Path = FOLDER) -> dict[str, Reading]:
    """Return how each environment variable is read, by name."""
    found: dict[str, Reading] = {}
    for path in sorted(folder.glob("*.py"), key=lambda path: path.name in _ENVIRONMENTS):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for name, kind, default in _calls(tree):
            if name in found and path.name in _ENVIRONMENTS:
                found[name].elsewhere[_ENVIRONMENTS[path.name]] = default
            elif path.name in _ENVIRONMENTS:
                found[name] = Reading(kind, None, {_ENVIRONMENTS[path.name]: default})
            else:
                found[name] = Reading(kind, default)
        for name in _required(tree):
            found[name].is_required = True
    return found


def _row(entry: Entry, readings: Mapping[str, Reading]) -> tuple[str, str, str, str]:
    of_entry = [readings[name] for name in entry.names]
    kinds = list(dict.fromkeys(TYPES[each.kind] for each in of_entry))
    default = entry.default or ", ".join(_in_words(each) for each in of_entry)
    if any(each.is_required for each in of_entry):
        default += "; required in production"
    return "<br>".join(map(code, entry.names)), ", ".join(kinds), default, entry.meaning


def _in_words(reading: Reading) -> str:
    defaults = [] if reading.default is None else [reading.default]
    defaults += [f"{default} {where}" for where, default in reading.elsewhere.items() if default is not None]
    return "; ".join(defaults)


def _calls(tree: ast.Module) -> Iterator[tuple[str, str, str | None]]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="env"), attr=kind),
                args=[ast.Constant(value=str(name)), *_],
                keywords=keywords,
            ) if kind in TYPES:
                default = next((each.value for each in keywords if each.arg == "default"), None)
                yield name, kind, _literal(default)


def _literal(node: ast.expr | None) -> str | None:
    """Return a default as readers are shown it; None for one that is computed."""
    match node:
        case ast.Constant(value=bool(value)):
            return "on" if value else "off"
        case ast.Constant(value=str(value)):
            return code(value) or "none"
        case ast.List(elts=[]) | ast.Dict(keys=[]):
            return "none"
        case ast.List(elts=[ast.Constant(value=value)]):
            return code(str(value))
    number = _number(node)
    return None if number is None else f"{number:g}" if isinstance(number, float) else str(number)


def _number(node: ast.expr | None) -> float | None:
    match node:
        case ast.Constant(value=int(value) | float(value)):
            return value
        case ast.BinOp(op=ast.Mult(), left=left, right=right):
            factors = [_number(left), _number(right)]
            return None if None in factors else math.prod(each for each in factors if each is not None)
    return None


def _required(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id="_REQUIRED")], value=ast.Tuple(elts=names)):
                yield from (str(ast.literal_eval(name)) for name in names)
