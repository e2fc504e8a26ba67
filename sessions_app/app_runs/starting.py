"""Starting an app (lifecycle §5) and bringing a lost one back (§8.3)."""

import asyncio
import random
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings

from apps_registry.errors import AppNotFound
from apps_registry.rules import check_hardware
from apps_registry.selectors import AppFacts, get_app_facts, is_installed
from apps_registry.services import mark_running
from sessions_app.app_runs.calling import (
    ACCEPTED_WITHOUT_SOCKET_SECONDS,
    call_until_attached,
    start_by_webhook,
)
from sessions_app.app_runs.moves import move
from sessions_app.app_runs.pacing import DELAYS_SECONDS, Occasion, spread
from sessions_app.app_runs.parking import wake
from sessions_app.app_runs.rules import RunEvent, can
from sessions_app.app_runs.seat import AppSeat, Surroundings
from sessions_app.app_runs.succession import until_predecessor_is_told
from sessions_app.app_runs.waiting import known_within
from sessions_app.database import DATABASE_AWAY, in_database
from sessions_app.errors import RefusedStart
from sessions_app.inspection.selectors import is_recorded
from sessions_app.outbound import metrics
from sessions_app.protocol.codes import StopReason
from sessions_app.states import RunState


@dataclass(frozen=True, slots=True)
class Startable:
    """An app that may be started, and whether its developers have this session recorded."""

    facts: AppFacts
    is_recorded: bool = False


async def load_startable(around: Surroundings, package_name: str) -> Startable:
    """Return the app when this user may start it on these glasses; raises RefusedStart otherwise."""
    try:
        async with asyncio.timeout(settings.APP_START_TIMEOUT_SECONDS):
            found = await in_database(_find_startable, around.ref.user_pk, package_name)
    except (TimeoutError, *DATABASE_AWAY):
        raise RefusedStart("CONNECTION", "The cloud cannot look the app up now; try again") from None
    if found is None:
        raise RefusedStart("NOT_FOUND", f"{package_name} is not installed")
    facts = found.facts
    if facts.is_deprecated:
        raise RefusedStart("DEPRECATED", f"{facts.name} is no longer available")
    verdict = check_hardware(facts.hardware_requirements, around.capabilities())
    if not verdict.is_compatible:
        missing = ", ".join(requirement.type for requirement in verdict.missing_required)
        raise RefusedStart("HARDWARE_CHECK", f"{facts.name} needs glasses with: {missing}")
    return found


def _find_startable(user_pk: int, package_name: str) -> Startable | None:
    try:
        facts = get_app_facts(package_name)
    except AppNotFound:
        return None
    if not is_installed(user_pk, package_name):
        return None
    return Startable(facts, is_recorded(user_pk, facts))


async def bring_up(around: Surroundings, seat: AppSeat, occasion: Occasion, first_delay: float = 0.0) -> None:
    """Start the app of a seat that has just been taken; raises RefusedStart after undoing everything.

    The seat's facts were read a moment ago. `first_delay` seconds are left to a socket that is already waiting for
    this user.
    """
    known_at = around.clock.monotonic()
    move(
        around,
        seat,
        RunEvent.START,
        started_at=around.clock.now(),
        stopped_at=None,
        stop_reason="",
        resume_before=None,
        subscriptions=[],
        transcription_config=None,
    )
    around.screen.app_starting(seat.package_name, seat.facts.name, seat.facts.app_type)
    around.notices.changed()
    await until_predecessor_is_told(around, seat)
    wake(around.ref.user_id, seat.package_name)
    try:
        await start_by_webhook(around, seat, _points(occasion, first_delay), occasion, known_at)
    except RefusedStart as refusal:
        metrics.app_starts[refusal.stage] += 1
        if can(seat.state, RunEvent.START_FAILED):
            _fail(around, seat, refusal)
        raise
    metrics.app_starts["connected"] += 1


def _fail(around: Surroundings, seat: AppSeat, refusal: RefusedStart) -> None:
    move(
        around,
        seat,
        RunEvent.START_FAILED,
        detail=f"{refusal.stage}: {refusal.message}",
        stopped_at=around.clock.now(),
        stop_reason=StopReason.ERROR,
    )
    around.screen.app_start_failed(seat.package_name)
    around.notices.stopped(seat.package_name)
    around.notices.changed(f"{seat.facts.name} did not start: {refusal.message}")


def resurrect(around: Surroundings, seat: AppSeat, event: RunEvent, first_delay: float = 0.0) -> None:
    """Call a lost app back, keeping its seat and subscriptions and without a boot screen (P-19)."""
    loop = asyncio.get_running_loop()
    seat.outcome, seat.wish = loop.create_future(), loop.create_future()
    move(around, seat, event, resume_before=None)
    wake(around.ref.user_id, seat.package_name)
    seat.effort = around.spawn(_call_back(around, seat, first_delay))


def _points(occasion: Occasion, first_delay: float) -> tuple[float, ...]:
    """Return when to call; what a user waits for is called at fixed times, everything else spread (P-17)."""
    delays = DELAYS_SECONDS[occasion]
    if occasion is not Occasion.USER_START:
        delays = spread(delays, _chances())
    return tuple(first_delay + delay for delay in delays)


def _chances() -> Iterator[float]:
    while True:
        yield random.random()  # noqa: S311 - spreads load only


async def _call_back(around: Surroundings, seat: AppSeat, first_delay: float) -> None:
    metrics.resurrections["attempt"] += 1
    occasion = Occasion.RESURRECTION
    answer = await call_until_attached(around, seat, _points(occasion, first_delay), occasion)
    if answer is not None and answer.ok:
        await known_within(around.clock, seat.outcome, ACCEPTED_WITHOUT_SOCKET_SECONDS)
    if answer is None or not can(seat.state, RunEvent.GAVE_UP):
        metrics.resurrections["connected" if seat.state is RunState.RUNNING else "called off"] += 1
        return
    metrics.resurrections["failed"] += 1
    detail = f"the app's server did not bring it back: {answer}"
    move(
        around,
        seat,
        RunEvent.GAVE_UP,
        detail=detail,
        stopped_at=around.clock.now(),
        stop_reason=StopReason.ERROR,
    )
    # Whoever asked for the app meanwhile waits for this.
    if not seat.outcome.done():
        seat.outcome.set_exception(RefusedStart("WEBHOOK", detail))
        seat.outcome.exception()
    around.screen.app_stopped(seat.package_name)
    around.journal.write(mark_running, around.ref.user_pk, seat.package_name, False)
    around.changed()
    around.notices.stopped(seat.package_name)
