"""All apps of one session: takes seats, gives them away, and joins concurrent wishes about the same app."""

import asyncio
import logging
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings

from apps_registry.selectors import AppFacts
from sessions_app.app_runs.attaching import Hello, attach, begin_grace, detach, send_away
from sessions_app.app_runs.inspecting import record
from sessions_app.app_runs.moves import keep, move
from sessions_app.app_runs.notices import PhoneNotices
from sessions_app.app_runs.pacing import Occasion
from sessions_app.app_runs.retiring import app_not_restored
from sessions_app.app_runs.rules import RunEvent
from sessions_app.app_runs.seat import AppSeat, Surroundings
from sessions_app.app_runs.settings_post import post_settings
from sessions_app.app_runs.starting import bring_up, load_startable, resurrect
from sessions_app.app_runs.stopping import quiet, stop
from sessions_app.app_runs.subscriptions import rejudge, subscribe
from sessions_app.app_runs.waiting import known_within
from sessions_app.errors import RefusedStart
from sessions_app.outbound import metrics
from sessions_app.outbound.link import Link
from sessions_app.protocol.codes import StopReason
from sessions_app.protocol.session_ids import app_session_id
from sessions_app.states import PRESENT_RUN_STATES, RunState

logger = logging.getLogger(__name__)

RESTORED_AT_ONCE = 5
PARKED_SOCKET_SECONDS = 3.0
LONGEST_GOODBYE_SECONDS = 2.0


class AppRuns:
    """The apps of one session. Everything that changes one app's state passes here or through its seat's room."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._seats: dict[str, AppSeat] = {}
        self._starts: dict[str, asyncio.Task[None]] = {}
        self._stops: dict[str, asyncio.Task[None]] = {}
        self.restoring = False

    @property
    def notices(self) -> PhoneNotices:
        """What tells the phone about its apps."""
        return self._around.notices

    def __iter__(self) -> Iterator[AppSeat]:
        return (seat for seat in list(self._seats.values()) if seat.state is not RunState.STOPPED)

    def find(self, package_name: str) -> AppSeat | None:
        """Return the seat of an app that is not stopped."""
        seat = self._seats.get(package_name)
        return None if seat is None or seat.state is RunState.STOPPED else seat

    def present(self) -> list[AppSeat]:
        """Return the seats of apps that count as running (lifecycle §3.1)."""
        return [seat for seat in self if seat.state in PRESENT_RUN_STATES]

    def loading(self) -> list[AppSeat]:
        """Return the seats of apps being started."""
        return [seat for seat in self if seat.state is RunState.CONNECTING]

    async def start(
        self, package_name: str, first_delay: float = 0.0, occasion: Occasion = Occasion.USER_START
    ) -> None:
        """Have an app run; callers at the same time share one attempt. Raises RefusedStart."""
        seat = self.find(package_name)
        if seat is not None and seat.state in (RunState.RUNNING, RunState.GRACE_PERIOD):
            return
        if seat is not None and occasion is Occasion.USER_START:
            self._wish(seat)
        under_way = self._starts.get(package_name)
        if under_way is None:
            under_way = asyncio.create_task(self._start(package_name, first_delay, occasion))
            self._starts[package_name] = under_way
            under_way.add_done_callback(lambda task: self._start_ended(package_name, task))
        await asyncio.shield(under_way)

    def _start_ended(self, package_name: str, task: asyncio.Task[None]) -> None:
        self._starts.pop(package_name, None)
        if not task.cancelled():
            task.exception()

    async def _start(self, package_name: str, first_delay: float, occasion: Occasion) -> None:
        stopping = self._stops.get(package_name)
        if stopping is not None:
            await asyncio.shield(stopping)
        seat = self.find(package_name)
        if seat is not None:
            if seat.state is RunState.DORMANT:
                resurrect(self._around, seat, RunEvent.USER_RETURNED)
                self._wish(seat)
            await self._join(seat)
            return
        found = await load_startable(self._around, package_name)
        if found.facts.app_type == "standard":
            await self._make_way_for(found.facts)
        seat = self._take_seat(found.facts)
        record(self._around, seat, is_recorded=found.is_recorded)
        try:
            await bring_up(self._around, seat, occasion, first_delay)
        finally:
            if seat.state in (RunState.STOPPED, None) and self._seats.get(package_name) is seat:
                del self._seats[package_name]

    async def _join(self, seat: AppSeat) -> None:
        """Wait for an app that is being called back, as long as a start may take; it is called on after that."""
        seconds = settings.APP_START_TIMEOUT_SECONDS
        if not await known_within(self._around.clock, seat.outcome, seconds):
            raise RefusedStart(
                "TIMEOUT", f"The app was called back and did not connect within {seconds:.0f} s"
            )
        seat.outcome.result()

    @staticmethod
    def _wish(seat: AppSeat) -> None:
        """Have an app that is being called back called now, because the user asks for it."""
        if seat.state is RunState.RESURRECTING and not seat.wish.done():
            seat.wish.set_result(None)

    async def _make_way_for(self, facts: AppFacts) -> None:
        others = [seat for seat in self if seat.is_standard and seat.package_name != facts.package_name]
        for other in others:
            await self.stop(other.package_name, StopReason.SYSTEM_STOP, f"{facts.name} was started")

    def _take_seat(self, facts: AppFacts) -> AppSeat:
        seat = AppSeat(facts, app_session_id(self._around.ref.user_id, facts.package_name))
        self._seats[facts.package_name] = seat
        metrics.born("app_seats", seat)
        return seat

    async def stop(
        self, package_name: str, reason: StopReason, message: str, *, ends_with_session: bool = False
    ) -> bool:
        """Stop an app, or wait for the stop under way; false when it was not running."""
        under_way = self._stops.get(package_name)
        if under_way is None:
            seat = self.find(package_name)
            if seat is None:
                return False
            under_way = asyncio.create_task(self._stop(seat, reason, message, ends_with_session))
            self._stops[package_name] = under_way
        await asyncio.shield(under_way)
        return True

    async def _stop(self, seat: AppSeat, reason: StopReason, message: str, ends_with_session: bool) -> None:
        try:
            await stop(self._around, seat, reason, message=message, ends_with_session=ends_with_session)
        finally:
            self._stops.pop(seat.package_name, None)
            if self._seats.get(seat.package_name) is seat:
                del self._seats[seat.package_name]

    async def stop_all(self, reason: StopReason, message: str) -> None:
        """Stop every app because its session ends; each is attempted whatever the others do."""
        results = await asyncio.gather(
            *(self.stop(seat.package_name, reason, message, ends_with_session=True) for seat in self),
            return_exceptions=True,
        )
        for result in results:
            if isinstance(result, BaseException):
                logger.error("An app could not be stopped with its session", exc_info=result)

    def attach(self, package_name: str, link: Link, hello: Hello) -> AppSeat:
        """Give a socket to an app that waits for one; KeyError when it does not run."""
        seat = self._seats[package_name]
        attach(self._around, seat, link, hello)
        return seat

    def detach(self, package_name: str, connection: int, cause: str, *, sent_away: bool = False) -> None:
        """Note that a socket of an app closed, with `sent_away` because its node shuts down."""
        seat = self.find(package_name)
        if seat is not None:
            detach(self._around, seat, connection, cause, sent_away=sent_away)

    def send_away(self, cause: str) -> list[Link]:
        """Empty every seat whose socket is here, for the next owner; return the sockets, still open."""
        links = [send_away(self._around, seat, cause) for seat in list(self._seats.values())]
        return [link for link in links if link is not None]

    async def until_stopped(self, package_name: str) -> None:
        """Wait for the stop of an app that is under way, if any, but not for ever."""
        under_way = self._stops.get(package_name)
        if under_way is not None:
            await asyncio.wait((under_way,), timeout=LONGEST_GOODBYE_SECONDS)

    def subscribe(self, seat: AppSeat, entries: list[Any]) -> None:
        """Replace the subscriptions of an app."""
        subscribe(self._around, seat, entries)

    def post_settings(self, seat: AppSeat, settings: list[dict[str, Any]]) -> None:
        """Tell the app's server the user's values."""
        post_settings(self._around, seat, settings)

    def rejudge(self, seat: AppSeat) -> None:
        """Judge an app's subscriptions again after its permissions changed."""
        rejudge(self._around, seat)

    def keep(self, seat: AppSeat, **changes: Any) -> None:
        """Have columns of an app's row stored that change without a move."""
        keep(self._around, seat, **changes)

    def record(self, seat: AppSeat, *, is_recorded: bool) -> None:
        """Begin or end to note what passes between an app and this cloud, for its developers."""
        record(self._around, seat, is_recorded=is_recorded)

    def changed(self) -> None:
        """Say that who listens to what may have changed."""
        self._around.changed()

    def adopt(self, facts: AppFacts, state: RunState, *, is_recorded: bool = False) -> AppSeat:
        """Take a seat for an app that another owner left in `state`; the caller fills in what it kept."""
        seat = self._take_seat(facts)
        record(self._around, seat, is_recorded=is_recorded)
        seat.state = state
        return seat

    def take_over(self, seat: AppSeat, grace_seconds: float) -> None:
        """Go on with an adopted app: its socket died with the last owner.

        One that was just starting or stopping ends here; the caller starts the former anew.
        """
        around = self._around
        match seat.state:
            case RunState.RUNNING:
                resume_before = around.clock.now() + timedelta(seconds=grace_seconds)
                move(
                    around,
                    seat,
                    RunEvent.SOCKET_LOST,
                    detail="the owner changed",
                    resume_before=resume_before,
                )
                begin_grace(around, seat, grace_seconds)
            case RunState.GRACE_PERIOD:
                begin_grace(around, seat, grace_seconds)
            case RunState.DORMANT | RunState.RESURRECTING:
                resurrect(around, seat, RunEvent.USER_RETURNED, PARKED_SOCKET_SECONDS)
            case RunState.CONNECTING:
                move(around, seat, RunEvent.START_FAILED, detail="the owner was lost")
            case RunState.STOPPING:
                move(around, seat, RunEvent.STOPPED, detail="the owner was lost")

    def user_returned(self) -> None:
        """Bring back the apps that slept while the user was away (lifecycle §8.6)."""
        for seat in list(self._seats.values()):
            if seat.state is RunState.DORMANT:
                resurrect(self._around, seat, RunEvent.USER_RETURNED)

    async def restore(self, packages: Iterable[str], parked: frozenset[str]) -> None:
        """Start the apps that ran when the last session ended, a few at a time (lifecycle §1.2).

        `parked` are those that have a socket waiting for this user; they get a head start before the webhook.
        """
        gate = asyncio.Semaphore(RESTORED_AT_ONCE)

        async def one(package: str) -> None:
            async with gate:
                try:
                    head_start = PARKED_SOCKET_SECONDS if package in parked else 0.0
                    await self.start(package, head_start, Occasion.RESTORE)
                except RefusedStart as refusal:
                    logger.info("%s was not restored: %s", package, refusal)
                    app_not_restored(self._around, package, refusal)

        await asyncio.gather(*(one(package) for package in packages))

    def close(self) -> None:
        """Forget everything without a word to anybody: another node owns the session, or it is over."""
        for seat in self._seats.values():
            record(self._around, seat, is_recorded=False)
            quiet(seat, "The session moved to another node")
        for task in (*self._starts.values(), *self._stops.values()):
            task.cancel()
        self._seats.clear()
