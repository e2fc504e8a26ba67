"""One socket of a mini app and who opened it. Knows no protocol but what a close means to family A."""

import asyncio
from dataclasses import dataclass

from tests.scenarios.random_faults.phones import sockets
from tests.support.wire import Closed, RawApp

DELIBERATE_CODES = (1000, 1001, 1008)
DELIBERATE_REASONS = ("App stopped", "User session ended")


class NotConnected(Exception):
    """The cloud did not take the app's socket."""


@dataclass(frozen=True)
class Identity:
    """What an app knows of itself, and the port of the first node, to tell the nodes apart."""

    package_name: str
    api_key: str
    family: str
    first_port: int


class AppLine:
    """One socket of an app. `seated` becomes true with the ack and false when there will be none."""

    def __init__(self, peer: RawApp) -> None:
        self.peer = peer
        self.number = next(sockets)
        self.seated: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    @property
    def is_seated(self) -> bool:
        return self.peer.is_open() and self.seated.done() and self.seated.result()

    def settle(self, *, seated: bool) -> None:
        """Say whether the app got its seat, once."""
        if not self.seated.done():
            self.seated.set_result(seated)


def is_deliberate(closed: Closed) -> bool:
    """Say whether an SDK of family A takes this for the end and dials no more (app-socket §1)."""
    return closed.code in DELIBERATE_CODES or any(reason in closed.reason for reason in DELIBERATE_REASONS)
