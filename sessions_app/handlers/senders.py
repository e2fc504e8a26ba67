"""A user's session with an app as it speaks to other users: known from its socket, and answered wherever it is."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from sessions_app.app_runs.seat import AppSeat
from sessions_app.buckets import Limit
from sessions_app.clock import Clock
from sessions_app.database import DATABASE_AWAY
from sessions_app.lifecycle.errands import errands
from sessions_app.lifecycle.peers import tell
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.messaging.allowances import allowances
from sessions_app.messaging.rules import CLOUD_FAILED, TOO_OFTEN, Refusal
from sessions_app.messaging.wording import Party
from sessions_app.protocol.base import ToApp
from sessions_app.protocol.cloud_to_app import TpaConnectionError
from sessions_app.protocol.codec import encode, iso

logger = logging.getLogger(__name__)

Work = Callable[[], Awaitable[Refusal | None]]
Refuse = Callable[[Refusal], ToApp]
WORK_SECONDS = 9.0


@dataclass(frozen=True, slots=True)
class Sender:
    """Who wants something of other users. It stays good when the session leaves this node meanwhile."""

    session_id: str
    user_pk: int
    package_name: str
    party: Party
    clock: Clock

    @property
    def now(self) -> str:
        """The time as the wire writes it."""
        return iso(self.clock.now())

    def may(self, limit: Limit) -> bool:
        """Count one thing that `limit` is for."""
        return allowances.may_send((self.session_id, self.package_name), limit, self.clock.monotonic())

    async def answer(self, message: ToApp) -> None:
        """Tell the sender's app something."""
        await tell(self.session_id, self.package_name, encode(message))

    def refusal(self, why: Refusal, request_id: str | None = None) -> ToApp:
        """Return the coded error for what has no answer of its own."""
        return TpaConnectionError(
            code=why.code,
            message=why.message,
            request_id=request_id,
            session_id=self.party.app_session_id,
            timestamp=self.now,
        )


def sender_of(runtime: SessionRuntime, seat: AppSeat) -> Sender:
    """Return who sends over the socket of this seat."""
    party = Party(runtime.ref.user_id, seat.app_session_id)
    return Sender(runtime.ref.session_id, runtime.ref.user_pk, seat.package_name, party, runtime.upkeep.clock)


def undertake(sender: Sender, line: tuple[str, ...], work: Work, refuse: Refuse) -> None:
    """Have `work` done after what waits in its line; what it, or the lack of room, has against it is told."""
    if not errands.run(line, partial(_do, sender, work, refuse)):
        reject(sender, refuse(TOO_OFTEN))


def reject(sender: Sender, answer: ToApp) -> None:
    """Tell the sender at once, besides everything that waits, that nothing comes of its wish."""
    errands.run(("answers", sender.session_id, sender.package_name), partial(sender.answer, answer))


async def _do(sender: Sender, work: Work, refuse: Refuse) -> None:
    try:
        async with asyncio.timeout(WORK_SECONDS):
            problem = await work()
    except (TimeoutError, *DATABASE_AWAY) as error:
        logger.warning("%s: a message between users was given up: %s", sender.package_name, error)
        problem = CLOUD_FAILED
    except Exception:
        logger.exception("%s: a message between users failed", sender.package_name)
        problem = CLOUD_FAILED
    if problem is not None:
        await sender.answer(refuse(problem))
