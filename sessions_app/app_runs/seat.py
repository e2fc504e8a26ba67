"""The hot state of one app in a session, and what the functions of this room need around it. No logic."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Protocol

from apps_registry.selectors import AppAddress, AppFacts
from sessions_app.app_runs.hosts import AppHosts
from sessions_app.app_runs.notices import PhoneNotices
from sessions_app.app_runs.webhooks import AppServers
from sessions_app.clock import Clock, Timer
from sessions_app.database import Journal
from sessions_app.display.arbiter import Arbiter
from sessions_app.inspection.recorder import Recorder, Tap
from sessions_app.outbound.held import HeldTexts
from sessions_app.outbound.link import Link
from sessions_app.outbound.phone import PhoneSeat
from sessions_app.protocol.families import Family
from sessions_app.protocol.streams import StreamKey
from sessions_app.states import RunState, SessionRef

MOST_HELD = 200
MOST_HELD_CHARACTERS = 256 * 1024


# Done when a socket of the app was acked; failed when the app was stopped or moved instead.
Outcome = asyncio.Future[None]


def _new_outcome() -> Outcome:
    return asyncio.get_running_loop().create_future()


def _nothing_held() -> HeldTexts:
    return HeldTexts("event for app", most=MOST_HELD, most_characters=MOST_HELD_CHARACTERS)


@dataclass(slots=True, eq=False, weakref_slot=True)
class AppSeat:
    """One app: the socket comes and goes, the seat keeps what lifecycle §3.3 lists.

    `outcome` is what a start or a resurrection waits for; `wish` is done when the user asks for an app that is being
    called back; `refusal` remembers why a socket of this app was turned
    away meanwhile, to name the stage when the start fails; `informed` is the connection that was sent the state of
    the glasses; `held` is what the app gets when its socket is back; `introduced_at` is when the socket first said
    hello, as seconds of the epoch; `tap` notes what passes, when the user is a developer of the app; `unposted` are the
    newest settings that its server is still to be told, which `posting` does.
    """

    facts: AppFacts
    app_session_id: str
    state: RunState | None = None
    link: Link | None = None
    family: Family = Family.A
    sdk_version: str = ""
    key_id: int = 0
    keys: tuple[StreamKey, ...] = ()
    transcription_config: dict[str, Any] | None = None
    released: bool = False
    acked_at: float = 0.0
    introduced_at: float = 0.0
    informed: int = 0
    refusal: str = ""
    effort: asyncio.Task[None] | None = None
    outcome: Outcome = field(default_factory=_new_outcome)
    wish: asyncio.Future[None] = field(default_factory=_new_outcome)
    grace_timer: Timer | None = None
    held_update: Timer | None = None
    closed: asyncio.Event = field(default_factory=asyncio.Event)
    held: HeldTexts = field(default_factory=_nothing_held)
    tap: Tap | None = None
    unposted: list[dict[str, Any]] | None = None
    posting: asyncio.Task[None] | None = None

    @property
    def package_name(self) -> str:
        """The app's package."""
        return self.facts.package_name

    @property
    def is_expected(self) -> bool:
        """Whether the app has its socket or is expected to come back with its sessions as they were."""
        return self.state in (RunState.RUNNING, RunState.GRACE_PERIOD)

    @property
    def is_standard(self) -> bool:
        """Whether the app is a foreground app."""
        return self.facts.app_type == "standard"


class Spawn(Protocol):
    """Starts a task that the session owns and ends with it."""

    def __call__(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]: ...


@dataclass(slots=True)
class Surroundings:
    """What the apps of one session touch outside themselves.

    `find_address` reads where the server of an app is that a user (by key) has installed; None: no such app.
    `changed` is called after every change of who listens to what; `capabilities` are those of the glasses now
    (None: unknown or no glasses), `device_state` is what apps may know of them; `user_is_here` says whether the
    phone is connected; `ended` is called with the package of an app that was stopped. `greet` tells an app what else
    it is to know on its new socket, or, when it did not notice that the socket is new, only what has changed.
    """

    ref: SessionRef
    clock: Clock
    journal: Journal
    spawn: Spawn
    screen: Arbiter
    phone: PhoneSeat
    servers: AppServers
    hosts: AppHosts
    find_address: Callable[[int, str], Awaitable[AppAddress | None]]
    notices: PhoneNotices
    recorder: Recorder
    changed: Callable[[], None]
    capabilities: Callable[[], dict[str, Any] | None]
    device_state: Callable[[], dict[str, Any]]
    user_is_here: Callable[[], bool]
    ended: Callable[[str], None]
    greet: Callable[["AppSeat", bool], None]
