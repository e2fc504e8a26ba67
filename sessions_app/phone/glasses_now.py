"""Which glasses a user wears now, for whoever has no part in their session."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from accounts.rules import default_wearable
from sessions_app.outbound.snapshot import read_snapshot
from sessions_app.phone.capabilities import find_capabilities
from sessions_app.selectors import find_live_session


@dataclass(frozen=True, slots=True)
class GlassesNow:
    """The glasses of a live session, as its owner last wrote them down.

    Those that are not connected count for nothing: until some are, `model_name` is what the user usually wears.
    """

    connected: bool = False
    model_name: str | None = None
    capabilities: Mapping[str, Any] | None = None


def glasses_of(user: User) -> GlassesNow:
    """Return what is known of a user's glasses; blocking, and at most a second behind."""
    session = find_live_session(user.pk)
    state = read_snapshot(str(session.pk)).get("phone", {}).get("device", {}) if session else {}
    model = state.get("modelName")
    if state.get("connected") and model is not None:
        return GlassesNow(True, model, find_capabilities(model))
    usual = default_wearable(user.settings)
    if usual:
        return GlassesNow(False, usual, find_capabilities(usual))
    return GlassesNow(model_name=model)
