"""The goodbye of a session and the start of the next one's app, which share an app session id, keep their order."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import User
from sessions_app.app_runs import succession
from sessions_app.app_runs.rules import RunEvent, goodbye_comes_in_time
from sessions_app.app_runs.services import end_runs
from sessions_app.app_runs.succession import find_due_goodbyes
from sessions_app.app_runs.webhooks import HookAnswer
from sessions_app.errors import RefusedStart
from sessions_app.lifecycle.condemning import condemn, finish
from sessions_app.lifecycle.ending import end_runtime
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.protocol.codes import CloseReason, StopReason
from sessions_app.protocol.families import Family
from sessions_app.selectors import has_run_in_disposal
from sessions_app.states import RunState, SessionRef
from tests.sessions_app.app_runs.conftest import PlayedServers
from tests.support.fake_clock import START, FakeClock
from tests.support.personas import BOB, CAPTIONS, NOTES, make_user
from tests.support.runtime import PACKAGE, RecordingLink, make_facts, seat_app
from tests.support.sessions import connect_phone, play

Session = tuple[SessionRuntime, RecordingLink, FakeClock]
E = RunEvent
SECOND = timedelta(seconds=1)
LATER = START + timedelta(minutes=5)


@pytest.mark.parametrize(
    ("successor", "age", "in_time"),
    [
        (RunState.CONNECTING, 0.0, True),
        (RunState.CONNECTING, 3.0, True),
        (RunState.CONNECTING, 3.1, False),
        (RunState.RUNNING, 0.0, False),
        (RunState.GRACE_PERIOD, 0.0, False),
        (RunState.DORMANT, 0.0, False),
    ],
)
def test_a_goodbye_is_begun_only_while_the_next_run_waits_for_it(
    successor: RunState, age: float, in_time: bool
) -> None:
    assert goodbye_comes_in_time(successor, START, START + timedelta(seconds=age)) is in_time


class TestRows:
    """Two sessions of one user: the first is on its last way when the second begins."""

    pytestmark = pytest.mark.django_db

    @pytest.fixture
    def ada(self) -> User:
        return make_user()

    @pytest.fixture
    def last(self, ada: User) -> SessionRef:
        ref = connect_phone(ada).ref
        for package_name in (CAPTIONS, NOTES):
            play(ref, E.START, E.ATTACHED, package_name=package_name)
        condemn(session_id=ref.session_id, reason="manual", now=LATER)
        return ref

    def test_a_run_is_in_disposal_until_it_was_stopped(self, ada: User, last: SessionRef) -> None:
        assert has_run_in_disposal(ada.pk, CAPTIONS)
        play(last, E.STOP)
        assert has_run_in_disposal(ada.pk, CAPTIONS)
        play(last, E.STOPPED)
        assert not has_run_in_disposal(ada.pk, CAPTIONS)
        assert has_run_in_disposal(ada.pk, NOTES)
        end_runs(session_id=last.session_id, reason="manual", now=LATER)
        assert not has_run_in_disposal(ada.pk, NOTES)

    def test_a_live_session_and_other_users_keep_nobody_waiting(self, ada: User, last: SessionRef) -> None:
        bob = make_user(BOB)
        play(connect_phone(bob, now=LATER).ref, E.START, E.ATTACHED)
        assert not has_run_in_disposal(bob.pk, CAPTIONS)
        finish(session_id=last.session_id, now=LATER)
        play(connect_phone(ada, now=LATER).ref, E.START, E.ATTACHED)
        assert not has_run_in_disposal(ada.pk, CAPTIONS)

    def test_without_a_next_run_every_goodbye_is_due(self, last: SessionRef) -> None:
        assert find_due_goodbyes(last.session_id, [CAPTIONS, NOTES], LATER) == {CAPTIONS, NOTES}

    def test_a_next_run_that_waits_gets_it_and_one_that_began_does_not(
        self, ada: User, last: SessionRef
    ) -> None:
        fresh = connect_phone(ada, now=LATER).ref
        play(fresh, E.START, package_name=CAPTIONS, now=LATER, started_at=LATER)
        play(fresh, E.START, E.ATTACHED, package_name=NOTES, now=LATER, started_at=LATER)
        apps = [CAPTIONS, NOTES]
        assert find_due_goodbyes(last.session_id, apps, LATER + SECOND) == {CAPTIONS}
        assert find_due_goodbyes(last.session_id, apps, LATER + 4 * SECOND) == set()
        assert find_due_goodbyes(fresh.session_id, apps, LATER) == {CAPTIONS, NOTES}, "it is the newer one"

    def test_a_session_that_others_disposed_has_said_its_goodbyes(self, last: SessionRef) -> None:
        finish(session_id=last.session_id, now=LATER)
        assert find_due_goodbyes(last.session_id, [CAPTIONS], LATER) == set()


async def test_a_start_waits_until_the_last_session_has_told_the_app(
    session: Session, servers: PlayedServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime, _, _ = session
    asked = asyncio.Event()
    answers = [True, True, True, False]

    async def ending(*_: Any) -> bool:
        asked.set()
        assert not servers.calls
        return answers.pop(0)

    monkeypatch.setattr(succession, "in_database", ending)
    starting = asyncio.create_task(runtime.apps.start(PACKAGE))
    await asked.wait()
    assert [seat.package_name for seat in runtime.apps.loading()] == [PACKAGE]
    await servers.wait_called("SessionRequest")
    assert answers == []
    await runtime.apps.stop(PACKAGE, StopReason.USER_DISABLED, "enough")
    with pytest.raises(RefusedStart):
        await starting


async def test_the_wait_has_an_end(
    session: Session, servers: PlayedServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime, _, clock = session

    async def for_ever(*_: Any) -> bool:
        clock.advance(1)
        return True

    monkeypatch.setattr(succession, "in_database", for_ever)
    servers.answers = [HookAnswer(404)]
    with pytest.raises(RefusedStart):
        await runtime.apps.start(PACKAGE)
    assert servers.kinds() == ["SessionRequest"]


async def test_a_stop_ends_the_wait(
    session: Session, servers: PlayedServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime, _, _ = session
    asked = asyncio.Event()

    async def for_ever(*_: Any) -> bool:
        asked.set()
        return True

    monkeypatch.setattr(succession, "in_database", for_ever)
    starting = asyncio.create_task(runtime.apps.start(PACKAGE))
    await asked.wait()
    await runtime.apps.stop(PACKAGE, StopReason.USER_DISABLED, "enough")
    with pytest.raises(RefusedStart):
        await starting
    assert "SessionRequest" not in servers.kinds()


@pytest.mark.parametrize("connected", [True, False])
async def test_an_app_is_stopped_with_its_session_only_when_its_server_was_told(
    session: Session, servers: PlayedServers, connected: bool
) -> None:
    runtime, _, _ = session
    _, link = seat_app(runtime, make_facts(), Family.A)
    if not connected:
        runtime.apps.detach(PACKAGE, link.connection, "network")
    servers.gate.clear()
    ending = asyncio.create_task(runtime.apps.stop_all(StopReason.SYSTEM_STOP, "over"))
    await servers.wait_called("StopRequest")
    done, _ = await asyncio.wait((ending,), timeout=0.3)
    assert not done
    assert runtime.apps.find(PACKAGE) is not None
    assert link.closed == ((1000, "User session ended") if connected else None)
    servers.gate.set()
    await ending
    assert runtime.apps.find(PACKAGE) is None


async def test_an_app_whose_next_run_began_is_told_over_its_socket_only(
    session: Session, servers: PlayedServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def none_due(*_: Any) -> set[str]:
        return set()

    monkeypatch.setattr(succession, "in_database", none_due)
    runtime, _, _ = session
    _, link = seat_app(runtime, make_facts(), Family.A)
    await runtime.apps.stop_all(StopReason.SYSTEM_STOP, "over")
    assert link.of_type("app_stopped")
    assert link.closed == (1000, "User session ended")
    assert not servers.calls


async def test_an_end_goes_on_although_others_disposed_the_session_meanwhile(
    session: Session, servers: PlayedServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a node that was frozen and finds in its inbox that it shall end a session."""

    async def none_due(*_: Any) -> set[str]:
        return set()

    monkeypatch.setattr(succession, "in_database", none_due)
    runtime, phone, _ = session
    _, link = seat_app(runtime, make_facts(), Family.A)
    journal = runtime.upkeep.journal
    store = journal.write

    def find_another_owner(*write: Any, **about: Any) -> Any:
        journal.on_ownership_lost()  # type: ignore[attr-defined]
        return store(*write, **about)

    monkeypatch.setattr(journal, "write", find_another_owner)
    assert await end_runtime(runtime, "manual") == []
    assert link.closed == (1000, "User session ended")
    assert phone.closed == (1000, CloseReason.SESSION_DISPOSED)
    assert not servers.calls
