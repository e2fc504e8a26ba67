"""What a sentence wants of the list, and which item it means. Pure: knows text, no session."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from examples.todo_list.items import Item

_ADD = re.compile(
    r"^(?:please\s+)?(?:add|note|remember(?:\s+to)?|remind\s+me\s+to|i\s+need\s+to)\s+(?P<what>.+?)"
    r"(?:\s+to\s+(?:my|the)\s+(?:to.?do\s+)?list)?$",
    re.IGNORECASE,
)
_DONE = re.compile(
    r"^(?:please\s+)?(?:(?:tick|check|cross)\s+off|finished|done(?:\s+with)?)\s+(?P<what>.+)$", re.IGNORECASE
)


@dataclass(frozen=True)
class Add:
    """Something is to be put on the list."""

    text: str


@dataclass(frozen=True)
class Done:
    """Something on the list is done."""

    what: str


def understand(speech: str) -> Add | Done | None:
    """Return what a finished sentence wants, or None when it is about something else."""
    sentence = " ".join(speech.split()).strip(" .!?,")
    if found := _DONE.match(sentence):
        return Done(found["what"])
    if found := _ADD.match(sentence):
        return Add(found["what"][:1].upper() + found["what"][1:])
    return None


def find_item(items: Sequence[Item], what: str) -> Item | None:
    """Return the open item that shares most words with `what`, or None."""
    wanted = _words(what)
    by_likeness = [(len(wanted & _words(item.text)), item) for item in items if not item.is_done]
    best, item = max(by_likeness, key=lambda pair: pair[0], default=(0, None))
    return item if best else None


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower())) - {"the", "a", "an", "my", "to"}
