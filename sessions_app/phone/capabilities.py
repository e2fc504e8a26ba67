"""What each model of glasses can do (streams-and-permissions §4).

The profiles are data: exactly the objects apps know from the SDK's own type package. Must not know which
glasses are connected.
"""

import json
from pathlib import Path
from typing import Any, Final

PROFILES: Final[dict[str, dict[str, Any]]] = json.loads(
    Path(__file__).with_name("profiles.json").read_text(encoding="utf-8")
)


def find_capabilities(model_name: str) -> dict[str, Any] | None:
    """Return the profile of a model as apps get it, None for an unknown one. Shared: do not change it."""
    return PROFILES.get(model_name)


def model_names() -> list[str]:
    """Return the names of the models that have a profile."""
    return list(PROFILES)
