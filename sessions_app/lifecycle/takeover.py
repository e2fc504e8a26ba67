"""Taking over a session whose last owner is gone: apps from their rows, display from the snapshot."""

import asyncio
import logging
from datetime import datetime

import msgspec
from django.conf import settings

from apps_registry.errors import AppNotFound
from apps_registry.selectors import AppFacts, get_app_facts
from sessions_app.app_runs.seat import AppSeat
from sessions_app.database import in_database
from sessions_app.errors import OwnedElsewhere, OwnerUnreachable, RefusedStart, SessionAbsent
from sessions_app.inspection.selectors import is_recorded
from sessions_app.lifecycle.filming import go_on_filming
from sessions_app.lifecycle.reconciling import remember
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.models import AppRun
from sessions_app.outbound import owner
from sessions_app.outbound.commands import Handed, HandedSound, HandOn
from sessions_app.outbound.node import is_listened_to
from sessions_app.outbound.ownership import register
from sessions_app.outbound.snapshot import load_snapshot
from sessions_app.protocol.families import Family
from sessions_app.protocol.streams import BadStream, StreamKey, parse_stream
from sessions_app.selectors import list_unfinished_runs
from sessions_app.states import PRESENT_RUN_STATES, RunState, SessionRef

logger = logging.getLogger(__name__)

HAND_ON_SECONDS = 1.5


async def ask_to_hand_on(other: OwnedElsewhere) -> Handed:
    """Have a session's owner let go of it and return what it gives; nothing when it is gone or does not answer.

    A frozen owner takes the whole time-out; one that died is known to Redis at once.
    """
    try:
        async with asyncio.timeout(HAND_ON_SECONDS):
            if register.is_gone(other.node_id) or not await is_listened_to(other.node_id):
                return Handed()
            command = HandOn(other.generation)
            reply = await owner.ask(other.session_id, command, HAND_ON_SECONDS, node_id=other.node_id)
    except (TimeoutError, OwnerUnreachable, SessionAbsent) as problem:
        logger.warning("%s did not hand its session on: %s", other.node_id, problem)
        return Handed()
    return reply.handed or Handed()


async def take_over_apps(runtime: SessionRuntime, handed: Handed) -> None:
    """Go on where the last owner stopped: no app is restarted that may come back by itself.

    `handed` is what that owner gave; empty when it could not be asked. One that was shut down left the same in its
    last snapshot.
    """
    kept = await in_database(_load, runtime.ref)
    snapshot = handed.snapshot or await load_snapshot(runtime.ref.session_id)
    held = {**snapshot.get("held", {}), **handed.held}
    runtime.data.restore(snapshot.get("phone", {}))
    runtime.audio.restore(snapshot.get("audio", {}))
    runtime.ears.speech.restore(snapshot.get("speech", {}))
    sounds = handed.sounds or msgspec.convert(snapshot.get("sounds", []), list[HandedSound])
    runtime.requests.usage.restore(snapshot.get("usage", {}))
    runtime.speaker.restore(snapshot.get("speaker", []), sounds)
    for run, facts, recorded in kept:
        seat = runtime.apps.adopt(facts, RunState(run.state), is_recorded=recorded)
        _fill(seat, run)
        if seat.state in PRESENT_RUN_STATES:
            runtime.screen.app_started(facts.package_name, facts.name, facts.app_type)
        was_starting = seat.state is RunState.CONNECTING
        runtime.apps.take_over(seat, _grace_left(run, runtime.upkeep.clock.now()))
        if seat.is_expected:
            seat.held.extend(held.get(facts.package_name, ()))
        if was_starting:
            runtime.upkeep.spawn(_start_again(runtime, facts.package_name))
    runtime.screen.restore(snapshot.get("screen", {}))
    go_on_filming(runtime, snapshot.get("camera", {}))
    if "held" in snapshot:
        remember(runtime)  # which takes it from the snapshot: nobody else is to send it again


async def _start_again(runtime: SessionRuntime, package_name: str) -> None:
    try:
        await runtime.apps.start(package_name)
    except RefusedStart:
        return  # the phone and the history were told by the start itself


def _load(ref: SessionRef) -> list[tuple[AppRun, AppFacts, bool]]:
    found = []
    for run in list_unfinished_runs(ref.session_id):
        try:
            facts = get_app_facts(run.package_name)
        except AppNotFound:
            continue
        found.append((run, facts, is_recorded(ref.user_pk, facts)))
    return found


def _fill(seat: AppSeat, run: AppRun) -> None:
    seat.family = Family(run.family or Family.A)
    seat.sdk_version = run.sdk_version
    seat.transcription_config = run.transcription_config
    seat.keys = tuple(key for entry in run.subscriptions if (key := _parse(entry)) is not None)


def _parse(entry: object) -> StreamKey | None:
    try:
        return parse_stream(entry)
    except BadStream:
        return None


def _grace_left(run: AppRun, now: datetime) -> float:
    if run.resume_before is None:
        return float(settings.APP_GRACE_SECONDS)
    return max(0.0, (run.resume_before - now).total_seconds())
