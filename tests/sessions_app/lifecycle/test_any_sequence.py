"""Whatever happens in whatever order: states stay legal, a session is disposed once, no subscription is lost.

One user, two nodes, one clock. Nodes keep the references of phones they once held, and act on them when they
are long outdated; workers die between any two steps of a disposal.
"""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from sessions_app.app_runs.rules import TRANSITIONS as RUN_TRANSITIONS
from sessions_app.app_runs.rules import IllegalRunTransition, RunEvent
from sessions_app.app_runs.services import record_changes
from sessions_app.errors import OwnershipLost, SessionAbsent
from sessions_app.lifecycle import disposal
from sessions_app.lifecycle.condemning import condemn, condemn_expired, list_stuck
from sessions_app.lifecycle.disposal import dispose
from sessions_app.lifecycle.liveness import lose_absent_phones, mark_lost_sessions, revive_sessions
from sessions_app.lifecycle.rules import TRANSITIONS
from sessions_app.lifecycle.services import lose_phone
from sessions_app.models import AnalyticsEvent, AppRun, UserSession
from sessions_app.states import LIVE_SESSION_STATES, RunState, SessionId, SessionRef
from tests.support.fake_clock import START
from tests.support.personas import CAPTIONS, NOTES, make_user
from tests.support.sessions import GRACE_SECONDS, connect_phone, play, row_of

pytestmark = pytest.mark.django_db

NODES = st.sampled_from(["node-1", "node-2"])
PACKAGES = st.sampled_from([CAPTIONS, NOTES])
STREAMS = st.lists(st.sampled_from(["button_press", "transcription:en-US", "audio_chunk"]), unique=True)
SILENT_SECONDS = 30
DEATHS = st.sampled_from([None, *(name for name, _ in disposal.STEPS)])

SESSION_MOVES = {(before, after) for (before, _), after in TRANSITIONS.items()} | {("", "CONNECTING")}
RUN_MOVES = {(before or "", after) for (before, _), after in RUN_TRANSITIONS.items()}


class WorkerDied(BaseException):
    """The process went away in the middle of a step."""


class LifeOfSessions(RuleBasedStateMachine):
    """The real services on a real database beside a simple model of what must be true."""

    refs = Bundle("refs")

    def __init__(self) -> None:
        super().__init__()
        self._rollback = transaction.atomic()
        self._rollback.__enter__()
        self.user = make_user()
        self.now = START
        self.newest: SessionRef | None = None
        self.phone_is_open = False
        self.dies_in: str | None = None
        self.subscriptions: dict[tuple[str, str], list[str]] = {}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self._rollback.__exit__(None, None, None)

    def owns(self, ref: SessionRef) -> bool:
        row = row_of(ref)
        return row.generation == ref.generation and row.state != "DISPOSED"

    @initialize(target=refs)
    def the_first_phone_connects(self) -> SessionRef:
        return self._connect("node-1")

    @rule(target=refs, node_id=NODES)
    def a_phone_connects(self, node_id: str) -> SessionRef:
        return self._connect(node_id)

    def _connect(self, node_id: str) -> SessionRef:
        live = UserSession.objects.filter(state__in=LIVE_SESSION_STATES).first()
        opened = connect_phone(self.user, node_id=node_id, now=self.now)
        assert opened.resumed == (live is not None)
        if live is not None:
            assert opened.ref.session_id == str(live.pk)
            assert opened.ref.generation == live.generation + 1
        self.newest, self.phone_is_open = opened.ref, True
        return opened.ref

    @rule(ref=refs)
    def a_phone_closes(self, ref: SessionRef) -> None:
        owned = self.owns(ref)
        try:
            lose_phone(ref=ref, cause="closed", grace_seconds=GRACE_SECONDS, now=self.now)
        except OwnershipLost:
            assert not owned
            return
        assert owned
        if ref == self.newest:
            self.phone_is_open = False

    @rule()
    def silent_nodes_are_marked(self) -> None:
        mark_lost_sessions(silent_seconds=SILENT_SECONDS, grace_seconds=GRACE_SECONDS, now=self.now)

    @precondition(lambda self: self.phone_is_open)
    @rule()
    def the_node_of_the_phone_wakes_up(self) -> None:
        assert self.newest is not None
        row = row_of(self.newest)
        here = {self.newest.session_id: self.newest.generation}
        now = self.now + timedelta(milliseconds=1)
        revive_sessions(node_id=row.owner, generations=here, now=now)
        lose_absent_phones(node_id=row.owner, generations=here, grace_seconds=GRACE_SECONDS, now=now)
        assert row_of(self.newest).state not in ("CONNECTING", "DISCONNECTED")

    @rule(ref=refs, package=PACKAGES, event=st.sampled_from(RunEvent))
    def something_happens_to_an_app(self, ref: SessionRef, package: str, event: RunEvent) -> None:
        owned = self.owns(ref)
        try:
            play(ref, event, package_name=package, now=self.now)
        except IllegalRunTransition:
            return
        except OwnershipLost:
            assert not owned
            return
        assert owned

    @rule(ref=refs, package=PACKAGES, wanted=STREAMS)
    def an_app_subscribes(self, ref: SessionRef, package: str, wanted: list[str]) -> None:
        if not AppRun.objects.filter(session__pk=ref.session_id, package_name=package).exists():
            return
        owned = self.owns(ref)
        try:
            record_changes(ref=ref, package_name=package, changes={"subscriptions": wanted})
        except OwnershipLost:
            assert not owned
            return
        assert owned
        self.subscriptions[ref.session_id, package] = wanted

    @rule(ref=refs, dies_in=DEATHS)
    def an_operator_ends_a_session(self, ref: SessionRef, dies_in: str | None) -> None:
        if condemn(session_id=ref.session_id, reason="manual", now=self.now):
            self._work(ref.session_id, dies_in)

    @rule(seconds=st.sampled_from([1, 31, 301]), dies_in=DEATHS)
    def the_clock_ticks(self, seconds: int, dies_in: str | None) -> None:
        self.now += timedelta(seconds=seconds)
        expired = set(UserSession.objects.filter(state="DISCONNECTED", dispose_after__lte=self.now))
        won = condemn_expired(now=self.now)
        assert {str(row.pk) for row in expired} == set(won)
        assert condemn_expired(now=self.now) == []
        for session_id in {*won, *list_stuck(now=self.now)}:
            self._work(session_id, dies_in)

    def _work(self, session_id: str, dies_in: str | None) -> None:
        """Have a worker dispose a session; it may die in a step."""
        self.dies_in = dies_in
        try:
            assert dispose(session_id)
        except WorkerDied:
            assert not dispose(session_id), "another may take over only when the first is surely dead"
        finally:
            self.dies_in = None

    @invariant()
    def a_user_has_at_most_one_live_session(self) -> None:
        assert UserSession.objects.filter(state__in=LIVE_SESSION_STATES).count() <= 1

    @invariant()
    def every_move_ever_made_is_in_the_tables(self) -> None:
        for session in UserSession.objects.prefetch_related("transitions", "app_runs"):
            ends = {"": session.state} | {run.package_name: run.state for run in session.app_runs.all()}
            last: dict[str, str] = {}
            for move in session.transitions.all():
                known = RUN_MOVES if move.package_name else SESSION_MOVES
                assert (move.from_state, move.to_state) in known | {("", "connecting")}
                before = last.get(move.package_name, "")
                assert move.from_state in (before, "" if before == "stopped" else before)
                last[move.package_name] = move.to_state
            assert last == ends

    @invariant()
    def a_session_is_disposed_and_reported_once(self) -> None:
        for session in UserSession.objects.all():
            ends = session.transitions.filter(to_state="DISPOSED").count()
            reports = AnalyticsEvent.objects.filter(session_id=str(session.pk)).count()
            assert ends == (session.state == "DISPOSED")
            assert ends <= reports <= 1

    @invariant()
    def a_disposed_session_runs_no_app(self) -> None:
        running = AppRun.objects.exclude(state=RunState.STOPPED)
        assert not running.filter(session__state="DISPOSED").exists()

    @invariant()
    def no_subscription_is_lost(self) -> None:
        stored = {(str(run.session_id), run.package_name): run.subscriptions for run in AppRun.objects.all()}
        assert all(stored[key] == wanted for key, wanted in self.subscriptions.items())

    @invariant()
    def a_live_session_without_a_phone_has_a_deadline(self) -> None:
        row = UserSession.objects.filter(state__in=LIVE_SESSION_STATES).first()
        if row is not None and row.state == "DISCONNECTED":
            assert row.dispose_after is not None
        if row is not None and row.state == "ACTIVE":
            assert self.phone_is_open
            assert self.newest is not None
            assert SessionId(str(row.pk)) == self.newest.session_id


class MachineClock:
    """The clock of whichever machine runs now."""

    machine: LifeOfSessions | None = None

    def now(self) -> datetime:
        assert self.machine is not None
        return self.machine.now


@pytest.fixture
def machine_class(monkeypatch: pytest.MonkeyPatch) -> type[LifeOfSessions]:
    """The machine with everything outside the database away, and a worker that dies when it is told to."""
    clock = MachineClock()

    class Machine(LifeOfSessions):
        def __init__(self) -> None:
            super().__init__()
            clock.machine = self

    def mortal(name: str, step: Any) -> Any:
        def run(subject: Any) -> None:
            assert clock.machine is not None
            if clock.machine.dies_in == name:
                raise WorkerDied
            step(subject)

        return run

    def absent(*_: Any) -> None:
        raise SessionAbsent("nobody")

    monkeypatch.setattr(disposal, "_clock", clock)
    monkeypatch.setattr(disposal, "STEPS", tuple((name, mortal(name, step)) for name, step in disposal.STEPS))
    monkeypatch.setattr(disposal, "is_registered", lambda _: True)
    monkeypatch.setattr(disposal, "ask_from_outside", absent)
    monkeypatch.setattr(disposal, "send_stop_webhooks", lambda **_: [])
    monkeypatch.setattr(disposal, "drop_snapshot", lambda _: None)
    return Machine


def test_any_sequence_of_events_leaves_legal_states(machine_class: type[LifeOfSessions]) -> None:
    run_state_machine_as_test(
        machine_class,
        settings=settings(
            max_examples=40,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )
