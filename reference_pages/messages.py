"""The pages of messages: one for each direction of a socket, one for calls to app servers, one for nested objects."""

import inspect
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import msgspec

from reference_pages.fields import fields_table
from reference_pages.markdown import block
from sessions_app.protocol import (
    app_to_cloud,
    cloud_to_app,
    cloud_to_glasses,
    fragments,
    glasses_to_cloud,
    layouts,
    webhooks,
)
from sessions_app.protocol.base import Fragment, ToApp, message_type
from sessions_app.protocol.families import Family, may_receive

SAMPLES = Path(glasses_to_cloud.__file__).with_name("samples")
_SECTION = re.compile(
    r"\b((?:app-socket|glasses-socket|lifecycle|media|rest|streams-and-permissions) §[^()]*)"
)
_OBJECTS_PAGE = "objects.md"


@dataclass(frozen=True, slots=True)
class Direction:
    """What one page is about; `classes` by the name of their samples."""

    name: str
    title: str
    about: str
    module: ModuleType
    classes: Mapping[str, type[msgspec.Struct]]


def directions() -> list[Direction]:
    """Return the directions in which messages go."""
    return [
        Direction(
            "glasses_to_cloud",
            "Phone to cloud",
            "Text frames of the phone on `/glasses-ws`. Binary frames are sound.",
            glasses_to_cloud,
            _by_type(glasses_to_cloud.GLASSES_MESSAGES),
        ),
        Direction(
            "cloud_to_glasses",
            "Cloud to phone",
            "Text frames to the phone on `/glasses-ws`.",
            cloud_to_glasses,
            _by_type(cloud_to_glasses.TO_GLASSES_MESSAGES),
        ),
        Direction(
            "app_to_cloud",
            "App to cloud",
            "Text frames of a mini app on `/app-ws`. Binary frames are sound of a speaker stream.",
            app_to_cloud,
            _by_type(app_to_cloud.APP_MESSAGES),
        ),
        Direction(
            "cloud_to_app",
            "Cloud to app",
            "Text frames to a mini app on `/app-ws`. Binary frames are the wearer's sound.",
            cloud_to_app,
            _by_type(cloud_to_app.TO_APP_MESSAGES),
        ),
        Direction(
            "webhooks",
            "Cloud to app server",
            "Bodies of signed calls by HTTP to the address of an app.",
            webhooks,
            {
                "session_request": webhooks.SessionRequest,
                "stop_request": webhooks.StopRequest,
                "settings_push": webhooks.SettingsPush,
                "tool_call": webhooks.ToolCall,
            },
        ),
    ]


def direction_page(direction: Direction) -> str:
    """Return the page of one direction: every message in the order of its module."""
    parts = [f"# {direction.title}\n\n{direction.about} Sections: {section_of(direction.module)}.\n\n"]
    for name, message_class in direction.classes.items():
        parts += [
            f"## `{name}` {{ #{name} }}\n\n",
            f"{_words(message_class)}\n\n",
            _facts(message_class),
            fields_table(message_class, _OBJECTS_PAGE),
            samples(direction.name, name),
        ]
    return "".join(parts)


def objects_page() -> str:
    """Return the page of the objects that stand inside messages."""
    parts = ["# Objects inside messages\n\n"]
    for title, module in (("Layouts", layouts), ("Other objects", fragments), ("Of single messages", None)):
        parts.append(f"## {title}\n\n")
        for each in _structs(module) if module else _own_objects():
            parts += [
                f"### {each.__name__} {{ #{each.__name__.lower()} }}\n\n{_words(each)}\n\n",
                fields_table(each, ""),
            ]
    return "".join(parts)


def samples(folder: str, name: str) -> str:
    """Return the golden samples of a message: the first shown, more of them folded."""
    files = sorted(
        (SAMPLES / folder).glob(f"{name}.*json"), key=lambda path: (path.name.count("."), path.name)
    )
    texts = [json.dumps(json.loads(path.read_bytes()), indent=2, ensure_ascii=False) for path in files]
    first, *more = [block("json", text) for text in texts]
    for each in more:
        indented = "".join(f"    {line}" if line.strip() else line for line in each.splitlines(keepends=True))
        first += f'??? example "Another one"\n\n{indented}'
    return first


def section_of(described: object) -> str:
    """Return the section of the protocol's description that a class or a module names."""
    found = _SECTION.search(inspect.getdoc(described) or "")
    return " ".join(found[1].split()) if found else ""


def _facts(message_class: type[msgspec.Struct]) -> str:
    facts = []
    if section := section_of(message_class):
        facts.append(f"Section: {section}.")
    if issubclass(message_class, ToApp):
        families = [str(family) for family in Family if may_receive(family, message_class)]
        if len(families) < len(Family):
            facts.append(f"Goes to families {', '.join(families)} only.")
    return f"*{' '.join(facts)}*\n\n" if facts else ""


def _words(described: type) -> str:
    return re.sub(r" \([^()]*§[^()]*\)", "", inspect.getdoc(described) or "")


def _by_type(classes: Iterable[type[msgspec.Struct]]) -> dict[str, type[msgspec.Struct]]:
    return {message_type(each): each for each in classes}


def _structs(module: ModuleType) -> list[type[msgspec.Struct]]:
    return [
        each
        for name, each in vars(module).items()
        if inspect.isclass(each)
        and issubclass(each, msgspec.Struct)
        and each.__module__ == module.__name__
        and not name.startswith("_")
    ]


def _own_objects() -> list[type[msgspec.Struct]]:
    modules = (glasses_to_cloud, cloud_to_glasses, app_to_cloud, cloud_to_app)
    return [each for module in modules for each in _structs(module) if issubclass(each, Fragment)]
