"""What all wire messages share: base classes per direction and the lenient field types of inbound messages.

The `type` string of a message is the tag of its class and is written nowhere else. Attributes are snake_case,
the wire is camelCase. Must not know any concrete message.
"""

from typing import Annotated

import msgspec

INT64_MIN = -(2**63)
INT64_MAX = 2**63 - 1

Integer = Annotated[int, msgspec.Meta(ge=INT64_MIN, le=INT64_MAX)]
"""A whole number that every JSON library of our peers can hold."""

Number = Integer | float
"""A number of any notation; peers write 5 and 5.0 for the same value."""

Timestamp = Integer | float | str | None
"""ISO-8601 text or epoch milliseconds, exactly as the peer wrote it."""

NOTHING = msgspec.Raw(b"")
"""The value of an opaque field that was absent; it is left out again when encoded."""


class Fragment(msgspec.Struct, rename="camel", omit_defaults=True, frozen=True, gc=False):
    """An object nested in messages; unknown members are ignored, absent and null are alike."""


class GlassesMessage(
    msgspec.Struct,
    tag_field="type",
    rename="camel",
    omit_defaults=True,
    frozen=True,
    gc=False,
    kw_only=True,
):
    """A message of the phone to the cloud (glasses-socket §4). Decoded JSON has no cycles, hence gc=False."""

    session_id: str | None = None
    timestamp: Timestamp = None


class AppMessage(
    msgspec.Struct,
    tag_field="type",
    rename="camel",
    omit_defaults=True,
    frozen=True,
    gc=False,
    kw_only=True,
):
    """A message of a mini app to the cloud (app-socket §7). Its package and session prove nothing."""

    package_name: str | None = None
    session_id: str | None = None
    timestamp: Timestamp = None


class ToGlasses(
    msgspec.Struct,
    tag_field="type",
    rename="camel",
    omit_defaults=True,
    forbid_unknown_fields=True,
    frozen=True,
    gc=False,
):
    """A message of the cloud to the phone (glasses-socket §5). Timestamps are ISO-8601 unless stated."""


class ToApp(
    msgspec.Struct,
    tag_field="type",
    rename="camel",
    omit_defaults=True,
    forbid_unknown_fields=True,
    frozen=True,
    gc=False,
    kw_only=True,
):
    """A message of the cloud to a mini app (app-socket §8). Timestamps are ISO-8601."""

    timestamp: str
    session_id: str | None = None


def message_type(message_class: type[msgspec.Struct]) -> str:
    """Return the wire `type` of a message class; TypeError for a class that has none."""
    tag = message_class.__struct_config__.tag
    if not isinstance(tag, str):
        raise TypeError(f"{message_class.__name__} has no wire type")
    return tag
