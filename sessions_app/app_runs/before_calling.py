"""What is asked right before an app's server is called: whose the session is by now, and where the server is."""

import asyncio
from dataclasses import replace

from sessions_app.app_runs.seat import AppSeat, Surroundings
from sessions_app.app_runs.services import confirm_ownership
from sessions_app.database import DATABASE_AWAY

ASK_TIMEOUT_SECONDS = 2.0


async def is_still_ours(around: Surroundings) -> bool:
    """Say whether this node may call the session's apps; if another owns it, the journal has left it by now.

    A node that was cut off does not know of a takeover, and its apps must not be told to come to it. While the
    database is away nobody takes a session.
    """
    confirmed = around.journal.write(confirm_ownership, ref=around.ref)
    await asyncio.wait((confirmed,), timeout=ASK_TIMEOUT_SECONDS)
    return not confirmed.done() or confirmed.result()


async def look_up(around: Surroundings, seat: AppSeat) -> str:
    """Read where the app's server is now; return why it must not be called any more, usually empty (P-16).

    While the database is away, what was known last holds.
    """
    try:
        async with asyncio.timeout(ASK_TIMEOUT_SECONDS):
            address = await around.find_address(around.ref.user_pk, seat.package_name)
    except (TimeoutError, *DATABASE_AWAY):
        return ""
    if address is None:
        return "the app was removed"
    seat.facts = replace(seat.facts, public_url=address.public_url, webhook_secrets=address.webhook_secrets)
    return address.refusal
