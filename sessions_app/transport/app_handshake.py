"""The handshake of an app socket (app-socket §3): from the first frame to the ack, a refusal or the parking lot."""

import asyncio
import logging
from collections import deque
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from sessions_app.app_runs.attaching import Hello
from sessions_app.app_runs.parking import has_room, park
from sessions_app.app_runs.rules import ACCEPT, Answer, Handshake, Verdict, judge_handshake
from sessions_app.clock import SystemClock
from sessions_app.database import DATABASE_AWAY, in_database
from sessions_app.errors import OwnerUnreachable, SessionAbsent
from sessions_app.inspection.reading import read_frame
from sessions_app.lifecycle import residents
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.outbound.owner import ASK_TIMEOUT_SECONDS, find_node_of
from sessions_app.outbound.push import to_app
from sessions_app.protocol.app_to_cloud import Ping, Reconnect, TpaConnectionInit
from sessions_app.protocol.cloud_to_app import Pong, ReconnectDeferred, ReconnectRejected, TpaConnectionError
from sessions_app.protocol.codec import Malformed, decode_from_app, iso
from sessions_app.protocol.codes import ERROR_FACTS, CloseCode, CloseReason, ErrorCode
from sessions_app.protocol.families import Family
from sessions_app.transport.app_sockets import AppSocket, ask_for_seat, seat_socket
from sessions_app.transport.app_token import RefusedUpgrade, with_token
from sessions_app.transport.auth import Admission, Introduction, admit_app, headers_of
from sessions_app.transport.introduction import introduce
from sessions_app.transport.limits import known_peers
from sessions_app.transport.links import LocalLink
from sessions_app.transport.patience import Patience
from sessions_app.transport.receiving import Gone, Receive, receive_frame
from sessions_app.transport.seats import LocalSeat, Seat
from sessions_app.transport.state import node_state

logger = logging.getLogger(__name__)

FIRST_MESSAGE_SECONDS = 10.0
ACK_DEADLINE_SECONDS = 4.5
HOLD_SECONDS = 4.0
LONGEST_QUESTION_SECONDS = ASK_TIMEOUT_SECONDS + 1.0
MOST_GREETING_CHARACTERS = 8 * 1024
MOST_EARLY_MESSAGES = 200
MOST_EARLY_CHARACTERS = 1024 * 1024
_clock = SystemClock()


@dataclass(slots=True)
class Seated:
    """An app that was acked, with what it sent before that, in order."""

    socket: AppSocket
    family: Family
    early: deque[str] = field(default_factory=deque)


class AppHandshake:
    """One socket on its way to a seat. `run` ends with Seated, or with Gone when the socket ended first."""

    def __init__(self, scope: dict[str, Any], link: LocalLink, receive: Receive) -> None:
        self._headers = headers_of(scope)
        self._link = link
        self._receive = receive
        self._early: deque[str] = deque()
        self._early_characters = 0
        self._greeting = ""
        self._family = (
            Family.C if "x-package-name" in self._headers or "x-user-id" in self._headers else Family.A
        )

    async def run(self) -> Seated | Gone:
        """Take introductions until one leads to a seat or the socket ends."""
        try:
            self._headers = with_token(self._headers)
        except RefusedUpgrade as refusal:
            self._refuse(Verdict(Answer.REFUSE, refusal.code))
            return await self._drain()
        while True:
            message = await self._first_message()
            if isinstance(message, Gone):
                return message
            introduction = introduce(message, self._headers)
            if introduction is None:
                self._refuse(Verdict(Answer.REFUSE, ErrorCode.SESSION_NOT_FOUND))
                continue
            self._family = introduction.family
            if not known_peers.may_introduce_itself(_who(introduction), _clock.monotonic()):
                self._turn_away()
                continue
            outcome = await self._while_reading(self._admit(introduction))
            if outcome is not None:
                return outcome

    async def _first_message(self) -> TpaConnectionInit | Reconnect | Gone:
        """Return the next introduction; anything else before it is ignored but a ping (app-socket §10)."""
        try:
            async with asyncio.timeout(FIRST_MESSAGE_SECONDS):
                while True:
                    frame = await receive_frame(self._receive)
                    if isinstance(frame, Gone):
                        return frame
                    if isinstance(frame, bytes):
                        continue
                    message = self._decode(frame)
                    if isinstance(message, TpaConnectionInit | Reconnect):
                        self._greeting = read_frame(frame[:MOST_GREETING_CHARACTERS]).payload
                        return message
        except TimeoutError:
            self._link.close(CloseCode.POLICY_VIOLATION, CloseReason.INITIALIZATION_TIMEOUT)
            return await self._drain()

    def _decode(self, frame: str) -> object:
        try:
            message = decode_from_app(frame)
        except Malformed as problem:
            self._say(ErrorCode.MALFORMED_MESSAGE, str(problem))
            return None
        if isinstance(message, Ping):
            to_app(self._link, self._family, Pong(timestamp=iso(_clock.now())))
        return message

    async def _while_reading(self, work: Coroutine[Any, Any, Seated | None]) -> Seated | Gone | None:
        """Wait for `work`, meanwhile answering pings and keeping everything else for after the ack (P-22d)."""
        deciding = asyncio.create_task(work)
        reading: asyncio.Task[str | bytes | Gone] | None = None
        try:
            while True:
                if reading is None:
                    reading = asyncio.create_task(receive_frame(self._receive))
                await asyncio.wait((deciding, reading), return_when=asyncio.FIRST_COMPLETED)
                if reading.done():
                    frame, reading = reading.result(), None
                    if isinstance(frame, Gone):
                        return await self._left(deciding, frame)
                    if isinstance(frame, str) and not isinstance(self._decode(frame), Ping):
                        self._keep(frame)
                elif deciding.done():
                    return await self._decided(deciding, reading)
        finally:
            deciding.cancel()

    async def _decided(
        self, deciding: "asyncio.Task[Seated | None]", reading: "asyncio.Task[str | bytes | Gone]"
    ) -> Seated | Gone | None:
        """Give the frame being waited for back: the reader is stopped without losing what it may have."""
        reading.cancel()
        try:
            frame = await reading
        except asyncio.CancelledError:
            return deciding.result()
        if isinstance(frame, Gone):
            return await self._left(deciding, frame)
        if isinstance(frame, str):
            self._keep(frame)
        return deciding.result()

    def _keep(self, frame: str) -> None:
        """Keep a message for after the ack; an app that floods meanwhile is told to come back later."""
        self._early.append(frame)
        self._early_characters += len(frame)
        if len(self._early) > MOST_EARLY_MESSAGES or self._early_characters > MOST_EARLY_CHARACTERS:
            self._early.clear()
            self._turn_away()

    def _turn_away(self) -> None:
        """Tell an app that it asks for too much at once."""
        self._say(ErrorCode.RATE_LIMITED)
        self._link.close(CloseCode.TRY_AGAIN_LATER, CloseReason.TOO_OFTEN)

    async def _left(self, deciding: "asyncio.Task[Seated | None]", gone: Gone) -> Gone:
        """The socket ended during the handshake; a seat it had already been given is given back.

        What the app said last still counts: an `ownership_release` right before its close tells why it closed.
        """
        if deciding.done() and not deciding.cancelled():
            seated = deciding.result()
            if seated is not None:
                for text in seated.early:
                    seated.socket.seat.take_text(text)
                await seated.socket.seat.leave(gone.cause)
        return gone

    async def _drain(self) -> Gone:
        while True:
            frame = await receive_frame(self._receive)
            if isinstance(frame, Gone):
                return frame

    async def _admit(self, introduction: Introduction) -> Seated | None:
        """Decide about an introduction; None means that it was refused or rejected."""
        may_be_late = introduction.family is Family.C
        try:
            async with asyncio.timeout(None if may_be_late else ACK_DEADLINE_SECONDS):
                return await self._seat(introduction)
        except (TimeoutError, *DATABASE_AWAY):
            self._say(ErrorCode.INTERNAL_ERROR)
            self._link.close(CloseCode.INTERNAL_ERROR, CloseReason.INTERNAL_ERROR)
            return None

    async def _seat(self, introduction: Introduction) -> Seated | None:
        patience = Patience(_clock)
        while True:
            admission = await in_database(admit_app, introduction, self._greeting)
            if admission.verdict.answer is not Answer.ACCEPT:
                _remember_refusal(admission, introduction, self._greeting)
                self._refuse(admission.verdict)
                return None
            found = await self._find_seat(introduction, admission)
            if found is None:
                continue
            verdict, seat = found
            if seat is not None and admission.session_id and admission.hello is not None:
                socket = AppSocket(self._link, admission.session_id, admission.hello, seat)
                seat_socket(socket)
                return Seated(socket, introduction.family, self._early)
            is_final = verdict.answer in (Answer.REFUSE, Answer.REJECT)
            if is_final or not await self._wait(introduction, verdict, patience):
                self._refuse(_after_waiting(verdict) if patience.has_begun else verdict)
                return None

    async def _find_seat(
        self, introduction: Introduction, admission: Admission
    ) -> tuple[Verdict, Seat | None] | None:
        """Return the seat the app gets, here or with the owner on another node, or why it gets none.

        None says that the session got another owner meanwhile, so that it is worth looking again at once.
        """
        session_id, hello = admission.session_id or "", admission.hello
        runtime = residents.find(session_id)
        if runtime is None and session_id and hello is not None:
            asking = asyncio.create_task(self._ask_owner(session_id, hello))
            if not await self._answered_before_owner_changes(introduction, asking):
                return None
            elsewhere = await asking
            if elsewhere is not None:
                return elsewhere
        verdict = _judge(introduction, admission, runtime)
        if verdict.answer is not Answer.ACCEPT or runtime is None or hello is None:
            return verdict, None
        runtime.apps.attach(introduction.package_name, self._link, hello)
        return verdict, LocalSeat(runtime, introduction.package_name, self._link)

    async def _answered_before_owner_changes(
        self, introduction: Introduction, asking: "asyncio.Task[tuple[Verdict, Seat | None] | None]"
    ) -> bool:
        """Wait for the owner's answer; false, and the question taken back, when the user came to another node.

        An owner that was killed never answers, and it may still be in the row when the app is back.
        """
        user, package = introduction.user_id, introduction.package_name
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

    async def _wait(self, introduction: Introduction, verdict: Verdict, patience: Patience) -> bool:
        """Park or hold the socket; true when it is worth looking again, false when its time is over."""
        user, package = introduction.user_id, introduction.package_name
        if not has_room(user, package):
            self._turn_away()
            return False
        if not patience.has_begun:
            seconds = HOLD_SECONDS if verdict.answer is Answer.HOLD else settings.PARKING_SECONDS
            patience.begin(seconds)
            if verdict.answer is Answer.PARK:
                self._defer(verdict, seconds)
        await park(user, package, self._link, patience.next_pause())
        return self._link.is_open and not patience.is_over

    def _defer(self, verdict: Verdict, seconds: float) -> None:
        to_app(
            self._link,
            self._family,
            ReconnectDeferred(
                code=verdict.code,
                message="Waiting for the user's phone to connect",
                timeout_ms=round(seconds * 1000),
                timestamp=iso(_clock.now()),
            ),
        )

    def _refuse(self, verdict: Verdict) -> None:
        if verdict.answer is Answer.REJECT:
            to_app(
                self._link,
                self._family,
                ReconnectRejected(
                    code=verdict.code,
                    message="The app is not running for this user",
                    timestamp=iso(_clock.now()),
                ),
            )
            return
        self._say(ErrorCode(verdict.code))
        self._link.close(verdict.close, CloseReason.HANDSHAKE_REFUSED)

    def _say(self, code: ErrorCode, message: str = "") -> None:
        to_app(
            self._link,
            self._family,
            TpaConnectionError(
                code=code, message=message or ERROR_FACTS[code].message, timestamp=iso(_clock.now())
            ),
        )


def _who(introduction: Introduction) -> tuple[str, str, str]:
    """Tell peers apart before anything about them is known to be true: with another's key, it is another peer."""
    return introduction.user_id, introduction.package_name, introduction.api_key


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
