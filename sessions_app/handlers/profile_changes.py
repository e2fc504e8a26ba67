"""Profiles of glasses that operators change reach every node and the sessions on it (streams-and-permissions §4)."""

from sessions_app.database import in_database
from sessions_app.handlers.from_glasses.device import capabilities_changed
from sessions_app.lifecycle import residents
from sessions_app.phone.added_profiles import list_added
from sessions_app.phone.capabilities import use_added


async def follow_profiles() -> None:
    """Use the profiles there are now, and tell sessions whose glasses are concerned; each heartbeat calls it."""
    changed = use_added(await in_database(list_added))
    for runtime in residents.residents() if changed else ():
        if runtime.data.model_name in changed:
            capabilities_changed(runtime)
