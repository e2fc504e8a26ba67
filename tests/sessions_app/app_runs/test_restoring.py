"""Apps of the last session come back, unless their host is dead or they may not run (lifecycle §1.2, P-16)."""

import asyncio

import pytest

from sessions_app.app_runs import runs
from sessions_app.app_runs.pacing import BRIDGED_SECONDS
from sessions_app.app_runs.seat import Surroundings
from sessions_app.app_runs.starting import Startable
from sessions_app.app_runs.webhooks import HookAnswer
from sessions_app.errors import RefusedStart
from sessions_app.protocol.codes import StopReason
from sessions_app.states import RunState
from tests.sessions_app.app_runs.conftest import PlayedServers
from tests.sessions_app.app_runs.played_outage import REFUSED, UNAVAILABLE, OutageStage
from tests.support.runtime import make_facts

NOTES = "com.example.notes"


@pytest.fixture
async def stage(servers: PlayedServers, monkeypatch: pytest.MonkeyPatch) -> OutageStage:
    """Two users with a running app; any other app may be started unless its name says why not."""

    async def load(around: Surroundings, package_name: str) -> object:
        stage_name = package_name.rpartition(".")[2].upper()
        if stage_name in ("NOT_FOUND", "DEPRECATED", "HARDWARE_CHECK"):
            raise RefusedStart(stage_name, "for a reason")
        return Startable(make_facts("MICROPHONE", package=package_name))

    monkeypatch.setattr(runs, "load_startable", load)
    return OutageStage(monkeypatch, users=2)


def writes(stage: OutageStage, *names: str) -> list[dict[str, object]]:
    """Return the arguments of the rows the first user's session would have written by these services."""
    journal = stage.runtime.upkeep.journal
    return [kwargs for name, _, kwargs in journal.writes if name in names]  # type: ignore[attr-defined]


async def until_over(stage: OutageStage, task: "asyncio.Task[None]", seconds: float = 200) -> None:
    for _ in range(round(seconds)):
        await stage.clock.pass_time(1)
        if task.done():
            break
    await task


def start(stage: OutageStage, user: str) -> "asyncio.Task[None]":
    return asyncio.create_task(stage.runtimes[user].apps.start(NOTES))


def restore(stage: OutageStage, *packages: str) -> "asyncio.Task[None]":
    return asyncio.create_task(stage.runtime.apps.restore(packages, frozenset()))


async def kill_host(stage: OutageStage) -> None:
    """Let the host fail over longer than any restart takes, as two users find out one after the other."""
    stage.server.answer = lambda _: REFUSED
    await stage.lose_sockets()
    await stage.clock.pass_time(BRIDGED_SECONDS)
    for _ in range(2):
        with pytest.raises(RefusedStart):
            await until_over(stage, start(stage, stage.users[1]))
    stage.server.calls.clear()
    stage.phone.sent.clear()


@pytest.mark.parametrize("problem", ["NOT_FOUND", "DEPRECATED", "HARDWARE_CHECK"])
async def test_an_app_that_may_not_run_leaves_the_list_without_a_call_or_a_word(
    stage: OutageStage, problem: str
) -> None:
    package = f"com.example.{problem.lower()}"
    await restore(stage, package)
    await stage.clock.pass_time(5)
    [retired] = writes(stage, "retire_app")
    assert retired["package_name"] == package
    assert retired["why"] == f"{problem}: for a reason"
    assert stage.server.calls == []
    assert stage.phone.sent == []


async def test_a_server_that_fails_is_tried_within_a_start_and_counted(stage: OutageStage) -> None:
    stage.server.answer = lambda _: UNAVAILABLE
    await until_over(stage, restore(stage, NOTES))
    assert len(stage.times()) == 4
    [failed] = writes(stage, "note_failed_restore")
    assert failed["package_name"] == NOTES
    assert "HTTP 503" in str(failed["why"])


async def test_a_stop_while_an_app_is_restored_is_no_failure_of_its_server(stage: OutageStage) -> None:
    stage.server.answer = lambda _: UNAVAILABLE
    task = restore(stage, NOTES)
    await stage.clock.pass_time(1)
    await stage.runtime.apps.stop(NOTES, StopReason.USER_DISABLED, "enough")
    await until_over(stage, task)
    assert not writes(stage, "note_failed_restore", "retire_app")


async def test_a_dead_host_is_not_called_for_apps_of_the_last_session(stage: OutageStage) -> None:
    await kill_host(stage)
    await until_over(stage, restore(stage, NOTES))
    assert stage.server.calls == []
    [failed] = writes(stage, "note_failed_restore")
    assert "has not answered since 2026-01-02" in str(failed["why"])
    assert "is not called by itself before" in str(failed["why"])


async def test_a_user_may_always_try_a_dead_host_and_hears_how_it_stands(stage: OutageStage) -> None:
    await kill_host(stage)
    with pytest.raises(RefusedStart) as refusal:
        await until_over(stage, start(stage, stage.users[0]))
    assert refusal.value.stage == "WEBHOOK"
    assert "connection refused; 127.0.0.1:9 has not answered since" in refusal.value.message
    assert len(stage.times()) == 2


async def test_a_repaired_server_is_used_at_once_by_who_asks_and_then_by_all(stage: OutageStage) -> None:
    await kill_host(stage)
    stage.server.answer = lambda _: HookAnswer(200)
    starting = start(stage, stage.users[1])
    await stage.clock.pass_time(0.1)
    assert len(stage.times()) == 1
    stage.connect(stage.users[1], NOTES)
    await starting
    restoring = restore(stage, NOTES)
    await stage.clock.pass_time(0.1)
    assert len(stage.times()) == 2
    stage.connect(stage.users[0], NOTES)
    await restoring


async def test_after_the_pause_a_dead_host_gets_one_trial(stage: OutageStage) -> None:
    await kill_host(stage)
    await stage.clock.pass_time(600)
    await until_over(stage, restore(stage, NOTES, "com.example.maps", "com.example.chess"))
    assert len(stage.times()) == 1
    assert len(writes(stage, "note_failed_restore")) == 3


async def test_the_stop_webhook_of_an_app_without_a_socket_spares_a_dead_host(stage: OutageStage) -> None:
    await kill_host(stage)
    silent = stage.runtime.apps.adopt(make_facts("MICROPHONE", package=NOTES), RunState.DORMANT)
    await stage.runtime.apps.stop(silent.package_name, StopReason.USER_DISABLED, "enough")
    await stage.clock.pass_time(10)
    assert stage.server.others == []
