"""An app server that goes away and comes back by a test's clock, and the users whose apps it runs."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import msgspec
import pytest

from sessions_app.app_runs.attaching import Hello
from sessions_app.app_runs.rules import Handshake
from sessions_app.app_runs.seat import AppSeat
from sessions_app.app_runs.webhooks import HookAnswer
from sessions_app.lifecycle import building
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.protocol.families import Family
from sessions_app.protocol.webhooks import SessionRequest
from sessions_app.states import RunState
from tests.support.fake_clock import FakeClock
from tests.support.runtime import PACKAGE, RecordingLink, make_facts, make_node, make_runtime, seat_app

GRACE_SECONDS = 10.0
HANGS_SECONDS = 6.0
OK = HookAnswer(200)
REFUSED = HookAnswer(None, "connection refused")
BAD_GATEWAY = HookAnswer(502)
UNAVAILABLE = HookAnswer(503)
HANGS = HookAnswer(None, "no answer within 6 s", timed_out=True)


@dataclass(frozen=True)
class Call:
    """One start webhook: when it began (seconds since the sockets were lost), where it went, for whom."""

    at: float
    url: str
    user: str


@dataclass
class PlayedServer:
    """Answers start webhooks as `answer` says for the seconds since `lost_at`; HANGS takes as long as a time-out."""

    clock: FakeClock
    answer: Callable[[float], HookAnswer] = lambda _: OK
    calls: list[Call] = field(default_factory=list)
    others: list[msgspec.Struct] = field(default_factory=list)
    under_way: int = 0
    most_under_way: int = 0
    lost_at: float = 0.0
    answers_after_seconds: float = 0.0
    on_accepted: Callable[[str], object] = lambda _: None

    async def post(
        self,
        public_url: str,
        path: str,
        body: msgspec.Struct,
        *,
        secrets: Sequence[str],
        timeout_seconds: float,
    ) -> HookAnswer:
        if not isinstance(body, SessionRequest):
            self.others.append(body)
            return OK
        self.calls.append(Call(self.elapsed, public_url, body.user_id))
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            answer = self.answer(self.elapsed)
            await self._take(HANGS_SECONDS if answer.timed_out else self.answers_after_seconds)
        finally:
            self.under_way -= 1
        if answer.ok:
            self.on_accepted(body.user_id)
        return answer

    @property
    def elapsed(self) -> float:
        """Seconds since the sockets were lost."""
        return self.clock.monotonic() - self.lost_at

    async def _take(self, seconds: float) -> None:
        if seconds:
            passed = asyncio.Event()
            self.clock.call_later(seconds, passed.set)
            await passed.wait()


class OutageStage:
    """Users with one running app each, on one node with one clock."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, users: int = 1) -> None:
        self.runtimes: dict[str, SessionRuntime] = {}
        self.phones: dict[str, RecordingLink] = {}
        self.seats: dict[str, AppSeat] = {}
        self.clock = make_node(monkeypatch)
        self.server = PlayedServer(self.clock)
        monkeypatch.setattr(building, "app_servers", self.server)
        for number in range(users):
            user = f"user{number}@example.com"
            runtime, phone, _ = make_runtime(monkeypatch, user, self.clock)
            self.runtimes[user], self.phones[user] = runtime, phone
            self.seats[user], _ = seat_app(runtime, make_facts("MICROPHONE"), Family.C, "button_press")
            phone.sent.clear()
        self.users = list(self.runtimes)

    @property
    def runtime(self) -> SessionRuntime:
        """The session of the first user."""
        return self.runtimes[self.users[0]]

    @property
    def seat(self) -> AppSeat:
        """The app of the first user."""
        return self.seats[self.users[0]]

    def state(self) -> RunState | None:
        """Return the state of the first user's app now."""
        return self.seat.state

    @property
    def phone(self) -> RecordingLink:
        """The phone of the first user."""
        return self.phones[self.users[0]]

    def times(self) -> list[float]:
        """Return when the server was called."""
        return [call.at for call in self.server.calls]

    async def lose_sockets(self) -> None:
        """Have every app lose its socket, and let the grace period pass."""
        for user, runtime in self.runtimes.items():
            link = self.seats[user].link
            assert link is not None
            runtime.apps.detach(PACKAGE, link.connection, "network")
        self.server.lost_at = self.clock.monotonic() + GRACE_SECONDS
        await self.clock.pass_time(GRACE_SECONDS)

    def connect(self, user: str, package: str = PACKAGE) -> RecordingLink:
        """Let an app of a user open its socket."""
        link, seat = RecordingLink(), self.runtimes[user].apps.find(package)
        assert seat is not None
        hello = Hello(Handshake.INIT, seat.facts, key_id=7, family=Family.C, sdk_version="3")
        self.runtimes[user].apps.attach(package, link, hello)
        return link
