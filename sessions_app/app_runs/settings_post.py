"""Telling an app's server the user's settings (lifecycle §4.4): in order, the newest only, again if need be."""

import asyncio
from typing import Any

from sessions_app.app_runs.before_calling import look_up
from sessions_app.app_runs.inspecting import note_call
from sessions_app.app_runs.seat import AppSeat, Surroundings
from sessions_app.app_runs.waiting import first_within
from sessions_app.protocol.webhooks import SettingsPush

SETTINGS = "settings"
TIMEOUT_SECONDS = 5.0
PAUSES_SECONDS = (1.0, 5.0)


def post_settings(around: Surroundings, seat: AppSeat, values: list[dict[str, Any]]) -> None:
    """Tell an app's server the user's values soon; values that were not told yet are not told any more.

    One call at a time: a server that took two of them in the wrong order would stay with the older values.
    """
    seat.unposted = values
    if seat.posting is None or seat.posting.done():
        seat.posting = around.spawn(_post_all(around, seat))


async def _post_all(around: Surroundings, seat: AppSeat) -> None:
    while seat.unposted is not None:
        values, seat.unposted = seat.unposted, None
        for attempt, pause in enumerate((0.0, *PAUSES_SECONDS), start=1):
            await _sleep(around, pause)
            if seat.unposted is not None or not seat.is_expected:
                break
            if await _is_over(around, seat, values, attempt):
                break


async def _is_over(around: Surroundings, seat: AppSeat, values: list[dict[str, Any]], attempt: int) -> bool:
    """Call once; say whether these values need no other try. A server without that path is no failure."""
    if await look_up(around, seat) or around.hosts.is_held_back(seat.facts.public_url):
        return True
    at = around.clock.now()
    answer = await around.servers.post(
        seat.facts.public_url,
        "/settings",
        SettingsPush(user_id_for_settings=around.ref.user_id, settings=values),
        secrets=seat.facts.webhook_secrets,
        timeout_seconds=TIMEOUT_SECONDS,
    )
    note_call(around, seat, SETTINGS, answer, at=at, attempt=attempt, attempts=1 + len(PAUSES_SECONDS))
    return answer.ok or answer.is_final


async def _sleep(around: Surroundings, seconds: float) -> None:
    never: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    await first_within(around.clock, (never,), seconds)
