"""The handshake of an app socket (app-socket §3): from the first frame to the ack, a refusal or the parking lot."""

import asyncio
from collections import deque
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from sessions_app.app_runs.rules import Answer, Verdict
from sessions_app.clock import SystemClock
from sessions_app.database import DATABASE_AWAY
from sessions_app.inspection.reading import read_frame
from sessions_app.protocol.app_to_cloud import Ping, Reconnect, TpaConnectionInit
from sessions_app.protocol.codec import Malformed, decode_from_app
from sessions_app.protocol.codes import CloseCode, CloseReason, ErrorCode
from sessions_app.protocol.families import Family
from sessions_app.transport.app_answers import AppAnswers
from sessions_app.transport.app_seating import SeatSearch
from sessions_app.transport.app_sockets import AppSocket
from sessions_app.transport.app_token import RefusedUpgrade, with_token
from sessions_app.transport.auth import Introduction, headers_of
from sessions_app.transport.introduction import introduce
from sessions_app.transport.limits import known_peers
from sessions_app.transport.links import LocalLink
from sessions_app.transport.receiving import Gone, Receive, receive_frame

FIRST_MESSAGE_SECONDS = 10.0
ACK_DEADLINE_SECONDS = 4.5
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
        is_family_c = "x-package-name" in self._headers or "x-user-id" in self._headers
        self._answers = AppAnswers(link, Family.C if is_family_c else Family.A)

    async def run(self) -> Seated | Gone:
        """Take introductions until one leads to a seat or the socket ends."""
        try:
            self._headers = with_token(self._headers)
        except RefusedUpgrade as refusal:
            self._answers.refuse(Verdict(Answer.REFUSE, refusal.code))
            return await self._drain()
        while True:
            message = await self._first_message()
            if isinstance(message, Gone):
                return message
            introduction = introduce(message, self._headers)
            if introduction is None:
                self._answers.refuse(Verdict(Answer.REFUSE, ErrorCode.SESSION_NOT_FOUND))
                continue
            self._answers.family = introduction.family
            if not known_peers.may_introduce_itself(_who(introduction), _clock.monotonic()):
                self._answers.turn_away()
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
            self._answers.say(ErrorCode.MALFORMED_MESSAGE, str(problem))
            return None
        if isinstance(message, Ping):
            self._answers.pong()
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
            self._answers.turn_away()

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
        search = SeatSearch(self._link, self._answers, introduction, self._greeting)
        try:
            async with asyncio.timeout(None if may_be_late else ACK_DEADLINE_SECONDS):
                socket = await search.find()
        except (TimeoutError, *DATABASE_AWAY):
            self._answers.fail()
            return None
        return None if socket is None else Seated(socket, introduction.family, self._early)


def _who(introduction: Introduction) -> tuple[str, str, str]:
    """Tell peers apart before anything about them is known to be true: with another's key, it is another peer."""
    return introduction.user_id, introduction.package_name, introduction.api_key
