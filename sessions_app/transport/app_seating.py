"""Finding the seat of an app that introduced itself: here, with the owner on another node, or after a wait."""

import asyncio

from django.conf import settings

from sessions_app.app_runs.attaching import Hello
from sessions_app.app_runs.parking import has_room, park
from sessions_app.app_runs.rules import ACCEPT, Answer, Handshake, Verdict, judge_handshake
from sessions_app.clock import SystemClock
from sessions_app.database import in_database
from sessions_app.errors import OwnerUnreachable, SessionAbsent
from sessions_app.lifecycle import residents
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.outbound.owner import ASK_TIMEOUT_SECONDS, find_node_of
from sessions_app.protocol.codes import ERROR_FACTS, CloseCode, ErrorCode
from sessions_app.transport.app_answers import AppAnswers
from sessions_app.transport.app_sockets import AppSocket, ask_for_seat, seat_socket
from sessions_app.transport.auth import Admission, Introduction, admit_app
from sessions_app.transport.links import LocalLink
from sessions_app.transport.patience import Patience
from sessions_app.transport.seats import LocalSeat, Seat
from sessions_app.transport.state import node_state

HOLD_SECONDS = 4.0
LONGEST_QUESTION_SECONDS = ASK_TIMEOUT_SECONDS + 1.0
_clock = SystemClock()


class SeatSearch:
    """The search for one introduction; `greeting` is the frame it came in, for whoever inspects the app."""

    def __init__(
        self, link: LocalLink, answers: AppAnswers, introduction: Introduction, greeting: str
    ) -> None:
        self._link = link
        self._answers = answers
        self._introduction = introduction
        self._greeting = greeting

    async def find(self) -> AppSocket | None:
        """Return the socket in its seat, waiting for the seat as long as its SDK does; None when it was refused.

        Raises what the database does while it is away.
        """
        introduction, patience = self._introduction, Patience(_clock)
        while True:
            admission = await in_database(admit_app, introduction, self._greeting)
            if admission.verdict.answer is not Answer.ACCEPT:
                _remember_refusal(admission, introduction, self._greeting)
                self._answers.refuse(admission.verdict)
                return None
            found = await self._find_seat(admission)
            if found is None:
                continue
            verdict, seat = found
            if seat is not None and admission.session_id and admission.hello is not None:
                socket = AppSocket(self._link, admission.session_id, admission.hello, seat)
                seat_socket(socket)
                return socket
            is_final = verdict.answer in (Answer.REFUSE, Answer.REJECT)
            if is_final or not await self._wait(verdict, patience):
                self._answers.refuse(_after_waiting(verdict) if patience.has_begun else verdict)
                return None

    async def _find_seat(self, admission: Admission) -> tuple[Verdict, Seat | None] | None:
        """Return the seat the app gets, here or with the owner on another node, or why it gets none.

        None says that the session got another owner meanwhile, so that it is worth looking again at once.
        """
        session_id, hello = admission.session_id or "", admission.hello
        runtime = residents.find(session_id)
        if runtime is None and session_id and hello is not None:
            asking = asyncio.create_task(self._ask_owner(session_id, hello))
            if not await self._answered_before_owner_changes(asking):
                return None
            elsewhere = await asking
            if elsewhere is not None:
                return elsewhere
        verdict = _judge(self._introduction, admission, runtime)
        if verdict.answer is not Answer.ACCEPT or runtime is None or hello is None:
            return verdict, None
        runtime.apps.attach(self._introduction.package_name, self._link, hello)
        return verdict, LocalSeat(runtime, self._introduction.package_name, self._link)

    async def _answered_before_owner_changes(
        self, asking: "asyncio.Task[tuple[Verdict, Seat | None] | None]"
    ) -> bool:
        """Wait for the owner's answer; false, and the question taken back, when the user came to another node.

        An owner that was killed never answers, and it may still be in the row when the app is back.
        """
        user, package = self._introduction.user_id, self._introduction.package_name
        if not has_room(user, package):
            return True
        waking = asyncio.create_task(park(user, package, self._link, LONGEST_QUESTION_SECONDS))
        try:
            await asyncio.wait((asking, waking), return_when=asyncio.FIRST_COMPLETED)
            has_answer = asking.done() and asking.result() is not None
            if has_answer or not waking.done() or not waking.result():
                return True
            asking.cancel()
            return False
        except asyncio.CancelledError:
            asking.cancel()
            raise
        finally:
            waking.cancel()

    async def _ask_owner(self, session_id: str, hello: Hello) -> tuple[Verdict, Seat | None] | None:
        """Return what the owner on another node says; None when there is none to ask."""
        node_id = await find_node_of(session_id)
        if node_id in ("", settings.NODE_ID):
            return None
        try:
            reply, seat = await ask_for_seat(node_id, session_id, self._link, hello)
        except (OwnerUnreachable, SessionAbsent):
            return None
        if reply.ok:
            return ACCEPT, seat
        if reply.code in tuple(Answer):
            return Verdict(Answer(reply.code), reply.message), None
        return None

    async def _wait(self, verdict: Verdict, patience: Patience) -> bool:
        """Park or hold the socket; true when it is worth looking again, false when its time is over."""
        user, package = self._introduction.user_id, self._introduction.package_name
        if not has_room(user, package):
            self._answers.turn_away()
            return False
        if not patience.has_begun:
            seconds = HOLD_SECONDS if verdict.answer is Answer.HOLD else settings.PARKING_SECONDS
            patience.begin(seconds)
            if verdict.answer is Answer.PARK:
                self._answers.defer(verdict, seconds)
        await park(user, package, self._link, patience.next_pause())
        return self._link.is_open and not patience.is_over


def _judge(introduction: Introduction, admission: Admission, runtime: SessionRuntime | None) -> Verdict:
    seat = runtime.apps.find(introduction.package_name) if runtime is not None else None
    return judge_handshake(
        introduction.handshake,
        session_present=runtime is not None,
        booting=node_state.booting or admission.session_id is not None,
        run=seat.state if seat is not None else None,
        restoring=runtime is not None and runtime.apps.restoring,
    )


def _after_waiting(verdict: Verdict) -> Verdict:
    """What a socket is told whose user or app did not come in time (app-socket §3.2, §3.4)."""
    if verdict.answer in (Answer.PARK, Answer.REJECT):
        code = "BOOT_TIMEOUT" if verdict.answer is Answer.PARK else verdict.code
        return Verdict(Answer.REJECT, code)
    late = verdict.code == ErrorCode.SESSION_NOT_FOUND
    return Verdict(
        Answer.REFUSE, verdict.code, CloseCode.TRY_AGAIN_LATER if late else CloseCode.POLICY_VIOLATION
    )


def _remember_refusal(admission: Admission, introduction: Introduction, greeting: str) -> None:
    """Let a start that waits for this app name the stage at which it failed, and its developers see why."""
    runtime = residents.find(admission.session_id or "")
    seat = runtime.apps.find(introduction.package_name) if runtime is not None else None
    if seat is not None and seat.tap is not None:
        seat.tap.received(greeting)
        seat.tap.note("handshake_refused", code=admission.verdict.code)
    if seat is not None and introduction.handshake is Handshake.INIT:
        seat.refusal = ERROR_FACTS[ErrorCode(admission.verdict.code)].message
