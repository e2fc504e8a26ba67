"""Taking over a session whose last owner is gone: apps from their rows, display from the snapshot."""

from datetime import datetime

from django.conf import settings

from apps_registry.errors import AppNotFound
from apps_registry.selectors import AppFacts, get_app_facts
from sessions_app.app_runs.seat import AppSeat
from sessions_app.database import in_database
from sessions_app.errors import RefusedStart
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.models import AppRun
from sessions_app.outbound.snapshot import load_snapshot
from sessions_app.protocol.families import Family
from sessions_app.protocol.streams import BadStream, StreamKey, parse_stream
from sessions_app.selectors import list_unfinished_runs
from sessions_app.states import PRESENT_RUN_STATES, RunState


async def take_over_apps(runtime: SessionRuntime) -> None:
    """Go on where the last owner stopped: no app is restarted that may come back by itself."""
    kept = await in_database(_load, runtime.ref.session_id)
    snapshot = await load_snapshot(runtime.ref.session_id)
    runtime.data.restore(snapshot.get("phone", {}))
    for run, facts in kept:
        seat = runtime.apps.adopt(facts, RunState(run.state))
        _fill(seat, run)
        if seat.state in PRESENT_RUN_STATES:
            runtime.screen.app_started(facts.package_name, facts.name, facts.app_type)
        was_starting = seat.state is RunState.CONNECTING
        runtime.apps.take_over(seat, _grace_left(run, runtime.upkeep.clock.now()))
        if was_starting:
            runtime.upkeep.spawn(_start_again(runtime, facts.package_name))
    runtime.screen.restore(snapshot.get("screen", {}))


async def _start_again(runtime: SessionRuntime, package_name: str) -> None:
    try:
        await runtime.apps.start(package_name)
    except RefusedStart:
        return  # the phone and the history were told by the start itself


def _load(session_id: str) -> list[tuple[AppRun, AppFacts]]:
    found = []
    for run in list_unfinished_runs(session_id):
        try:
            found.append((run, get_app_facts(run.package_name)))
        except AppNotFound:
            continue
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
