"""The pages of the Python SDK: which parts of it stand on which page. Their words are the docstrings."""

import ast
from collections.abc import Iterator
from pathlib import Path

SDK = Path(__file__).resolve().parents[1] / "mentra_sdk"
_CAPABILITIES = "mentra_sdk.capabilities."

_SERVER = """# Server and session

Both are imported from `mentra_sdk`, the package `open-glasses-sdk`; what a session holds, such as
`session.display`, has [a page of its own](capabilities.md).

::: mentra_sdk.MiniAppServer
    options:
      merge_init_into_class: true
      filters: ["!^_(?!_init__$)"]

::: mentra_sdk.MentraSession
"""
_TESTING = """# Testing

A cloud in memory, a session without any, and glasses that a test plays with.
The plugin `mentra_sdk.testing.plugin` has fixtures for pytest;
[Test your app](../../testing.md) shows how all of it is used.

"""
_INHERITED = """
    options:
      inherited_members: true

"""
# What capabilities give and take and others use as well, with what is the engine's own.
_VALUES = {
    "photos.Photo": "",
    "live_video.StreamUrls": "",
    "live_video.StreamStatus": "",
    "live_video.StreamStats": "",
    "live_video.StreamOutput": "",
    "live_video.StreamInfo": "",
    "live_video.VideoOptions": "",
    "live_video.AudioOptions": "",
    "device_state.DeviceState": "update",
    "observables.Observable": "set",
}
# Of what the engine uses, this is for authors too.
_SHOWN = {"state"}
_OPTIONS = """
    options:
      heading_level: 3
      show_root_heading: false
      show_root_toc_entry: false
"""


def sdk_pages() -> dict[str, str]:
    """Return the pages of the SDK by their file's name."""
    return {
        "index.md": _SERVER,
        "capabilities.md": _capabilities_page(),
        "events.md": "# Events\n\nWhat handlers are called with.\n\n" + _members("mentra_sdk.events"),
        "errors.md": "# Errors\n\n" + _members("mentra_sdk.errors"),
        "testing.md": _TESTING
        + "".join(f"::: mentra_sdk.testing.{name}{_INHERITED}" for name in _exported()),
    }


def capabilities() -> dict[str, str]:
    """Return the class of each public attribute of a session that is a capability, by the attribute."""
    tree = _tree(SDK / "session.py")
    homes = {
        alias.name: f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(_CAPABILITIES)
        for alias in node.names
    }
    session = next(
        node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "MentraSession"
    )
    return {
        name: homes[made]
        for name, made in sorted(_attributes(session))
        if made in homes and not name.startswith("_")
    }


def _capabilities_page() -> str:
    """Return the page: each capability under its name in a session, then the classes that they give or take."""
    found = capabilities()
    parts = ["# What a session can do\n\n"]
    inner = _inner_methods()
    for name, made in found.items():
        hidden = "|".join(sorted(inner.get(name, ())))
        shown = f'      filters: ["!^_", "!^({hidden})$"]\n' if hidden else ""
        parts.append(f"## session.{name} {{ #{name} }}\n\n::: {made}{_OPTIONS}{shown}\n")
    parts.append("## What they give and take\n\n")
    for path in sorted((SDK / "capabilities").glob("[a-z]*.py")):
        tree = _tree(path)
        spoken_of = set(_spoken_of(tree))
        for node in tree.body:
            name = f"{_CAPABILITIES}{path.stem}.{getattr(node, 'name', '')}"
            if isinstance(node, ast.ClassDef) and node.name in spoken_of and name not in found.values():
                parts.append(f"::: {name}\n    options:\n      heading_level: 3\n\n")
    for name, hidden in _VALUES.items():
        filters = f'      filters: ["!^_", "!^({hidden})$"]\n' if hidden else ""
        parts.append(f"::: mentra_sdk.{name}\n    options:\n      heading_level: 3\n{filters}\n")
    return "".join(parts)


def _inner_methods() -> dict[str, set[str]]:
    """Return what the engine behind a session calls of each capability, which authors of apps do not."""
    found: dict[str, set[str]] = {}
    for engine in (path for path in sorted(SDK.glob("*.py")) if path.name != "session.py"):
        for node in ast.walk(_tree(engine)):
            match node:
                case ast.Attribute(value=ast.Attribute(attr=name), attr=method) if method not in _SHOWN:
                    found.setdefault(name, set()).add(method)
    return found


def _attributes(of: ast.ClassDef) -> Iterator[tuple[str, str]]:
    """Yield each attribute that the constructor sets, with the name of the class it calls or is given."""
    made = next(node for node in of.body if isinstance(node, ast.FunctionDef) and node.name == "__init__")
    given = {
        each.arg: each.annotation.id
        for each in (*made.args.args, *made.args.kwonlyargs)
        if isinstance(each.annotation, ast.Name)
    }
    for node in made.body:
        match node:
            case ast.Assign(targets=[ast.Attribute(attr=name)], value=ast.Call(func=ast.Name(id=called))):
                yield name, called
            case ast.Assign(targets=[ast.Attribute(attr=name)], value=ast.Name(id=taken)) if taken in given:
                yield name, given[taken]


def _spoken_of(tree: ast.Module) -> Iterator[str]:
    """Yield the names that public methods and attributes of public classes mention."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and any(
            isinstance(each, ast.FunctionDef) and each.name == "__init__" for each in node.body
        ):
            yield from (made for name, made in _attributes(node) if not name.startswith("_"))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            annotations = [
                node.returns,
                *(each.annotation for each in (*node.args.args, *node.args.kwonlyargs)),
            ]
            for annotation in filter(None, annotations):
                yield from (each.id for each in ast.walk(annotation) if isinstance(each, ast.Name))


def _exported() -> list[str]:
    """Return what `mentra_sdk.testing` offers."""
    for node in _tree(SDK / "testing" / "__init__.py").body:
        match node:
            case ast.Assign(targets=[ast.Name(id="__all__")], value=value):
                return list(ast.literal_eval(value))
    return []


def _members(module: str) -> str:
    return f"::: {module}{_OPTIONS.replace('3', '2')}\n"


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))
