"""What each model of glasses can do (streams-and-permissions §4).

The profiles are data: exactly the objects apps know from the SDK's own type package, and in front of them those that
operators of this cloud added. Must not know which glasses are connected.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

Profiles = dict[str, dict[str, Any]]

PROFILES: Final[Profiles] = json.loads(Path(__file__).with_name("profiles.json").read_text(encoding="utf-8"))

_added: Profiles = {}


def find_capabilities(model_name: str) -> dict[str, Any] | None:
    """Return the profile of a model as apps get it, None for an unknown one. Shared: do not change it."""
    return _added.get(model_name) or PROFILES.get(model_name)


def known_profiles() -> Profiles:
    """Return every profile by model: the SDK's, then those added here. Shared: do not change them."""
    return {**PROFILES, **_added}


def use_added(profiles: Mapping[str, dict[str, Any]]) -> frozenset[str]:
    """Put the profiles operators added into force in this process; return the models that changed by it."""
    before = known_profiles()
    _added.clear()
    _added.update(profiles)
    after = known_profiles()
    return frozenset(name for name in {*before, *after} if before.get(name) != after.get(name))
