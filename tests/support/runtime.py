"""A session in memory, without sockets or rows: what is sent and what would be stored is recorded."""

import asyncio
import json
from collections.abc import Callable, Hashable
from datetime import UTC, datetime
from typing import Any

import pytest

from accounts.models import User
from apps_registry.selectors import AppAddress, AppFacts
from sessions_app.app_runs.attaching import Hello
from sessions_app.app_runs.hosts import AppHosts
from sessions_app.app_runs.pacing import Limits
from sessions_app.app_runs.rules import Handshake, RunEvent
from sessions_app.app_runs.seat import AppSeat
from sessions_app.inspection import recorder as inspecting
from sessions_app.inspection.entries import CallEntry
from sessions_app.lifecycle import building
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.lifecycle.services import Opened
from sessions_app.outbound.link import Tap, new_connection
from sessions_app.protocol.families import Family
from sessions_app.states import RunState, SessionId, SessionRef
from tests.support.fake_clock import FakeClock
from tests.support.speech import UnseenWorkers

JsonObject = dict[str, Any]
USER = "ada@example.com"
PACKAGE = "com.example.captions"
APP_URL = "http://127.0.0.1:9"
APP_SECRET = "s" * 64


class RecordingLink:
    """A link that keeps what was sent over it."""

    def __init__(self) -> None:
        self.connection = new_connection()
        self.is_open = True
        self.tap: Tap | None = None
        self.sent: list[JsonObject] = []
        self.sound: list[bytes] = []
        self.closed: tuple[int, str] | None = None
        self.arrived = asyncio.Event()

    def send_text(self, text: str, replaces: str = "") -> None:
        if self.tap is not None:
            self.tap.sent(text)
        self.sent.append(json.loads(text))
        self.arrived.set()

    def send_bytes(self, data: bytes) -> None:
        self.sound.append(data)

    def close(self, code: int, reason: str = "") -> None:
        self.is_open = False
        self.closed = (int(code), str(reason))

    def of_type(self, kind: str) -> list[JsonObject]:
        """Return the messages of one type, oldest first."""
        return [message for message in self.sent if message["type"] == kind]


class RecordingJournal:
    """Keeps the names and arguments of writes instead of carrying them out."""

    def __init__(self, on_ownership_lost: Callable[[], None]) -> None:
        self.on_ownership_lost = on_ownership_lost
        self.writes: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = []

    def write(self, work: Callable[..., object], *args: object, **kwargs: object) -> asyncio.Future[bool]:
        self.writes.append((getattr(work, "__name__", repr(work)), args, kwargs))
        stored: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        stored.set_result(True)
        return stored

    def write_newest(
        self, subject: Hashable, work: Callable[..., object], *args: object, **kwargs: object
    ) -> None:
        self.write(work, *args, **kwargs)

    async def flush(self) -> None:
        """Nothing waits."""

    def close(self) -> None:
        """Nothing to stop."""


class RecordingRecorder(inspecting.Recorder):
    """Keeps what is noted for inspectors; stores nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[CallEntry] = []
        self.taps: list[inspecting.Tap] = []

    def note_call(self, call: CallEntry) -> None:
        self.calls.append(call)

    def has_news(self, tap: inspecting.Tap) -> None:
        self.taps.append(tap)


def make_facts(*permissions: str, package: str = PACKAGE, app_type: str = "background") -> AppFacts:
    """Return what the registry would say of an app."""
    return AppFacts(
        app_id=1,
        package_name=package,
        name="Captions",
        public_url=APP_URL,
        app_type=app_type,
        store_status="DEVELOPMENT",
        organization_id=1,
        is_deprecated=False,
        permissions=frozenset(permissions),
        hardware_requirements=(),
        settings_definitions=[],
        config=None,
        webhook_secrets=(APP_SECRET,),
    )


async def _address_on_record(user_pk: int, package: str) -> AppAddress | None:
    return AppAddress(APP_URL, (APP_SECRET,), refusal="")


def make_node(monkeypatch: pytest.MonkeyPatch) -> FakeClock:
    """Put what the sessions of a node share into a fresh state; return the node's clock."""
    clock = FakeClock()
    monkeypatch.setattr(building, "_clock", clock)
    monkeypatch.setattr(building, "app_hosts", AppHosts(clock, Limits()))
    monkeypatch.setattr(building, "find_app_address", _address_on_record)
    monkeypatch.setattr(building, "Journal", RecordingJournal)
    monkeypatch.setattr(building, "recorder", RecordingRecorder())
    monkeypatch.setattr(building, "speech_workers", UnseenWorkers(clock))
    return clock


def make_runtime(
    monkeypatch: pytest.MonkeyPatch, user: str = USER, clock: FakeClock | None = None
) -> tuple[SessionRuntime, RecordingLink, FakeClock]:
    """Return a session whose phone is connected, its phone and its clock, which is that of `make_node`."""
    clock = clock or make_node(monkeypatch)
    ref = SessionRef(SessionId("00000000-0000-0000-0000-000000000001"), user, 1, 1)
    opened = Opened(ref, datetime(2026, 1, 2, tzinfo=UTC), resumed=False, previous_owner="")
    runtime = building.build_runtime(opened, User(email=user))
    runtime.upkeep.snapshot = None
    phone = RecordingLink()
    runtime.phone.link = phone
    runtime.phone.heard_at = clock.monotonic()
    runtime.screen.set_reachable(True)
    return runtime, phone, clock


def seat_app(
    runtime: SessionRuntime, facts: AppFacts, family: Family = Family.C, *subscriptions: object
) -> tuple[AppSeat, RecordingLink]:
    """Have an app run in the session; what it was told while it connected is forgotten."""
    seat = runtime.apps.adopt(facts, RunState.GRACE_PERIOD)
    link = RecordingLink()
    runtime.apps.attach(
        facts.package_name, link, Hello(Handshake.INIT, facts, key_id=7, family=family, sdk_version="")
    )
    if subscriptions:
        runtime.apps.subscribe(seat, list(subscriptions))
    runtime.screen.app_started(facts.package_name, facts.name, facts.app_type)
    link.sent.clear()
    link.arrived.clear()
    assert seat.state is RunState.RUNNING, RunEvent.ATTACHED
    return seat, link
