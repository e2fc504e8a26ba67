"""What the checks ask of a history: when was nothing broken, and which sockets were whose. Pure."""

import math
from collections import defaultdict

from tests.scenarios.random_faults.history import (
    AppGone,
    AppSeated,
    Fault,
    History,
    PhoneDialed,
    PhoneGone,
    PhonePonged,
    PhoneWelcomed,
)
from tests.scenarios.random_faults.rows import Move, Rows

REDIS = "redis"
# How long a machine needs after a fault until frames between nodes flow again: subscriptions on Redis, register.
REDIS_AFTERMATH_SECONDS = 8.0
NODE_AFTERMATH_SECONDS = 1.0


def node_name(number: int) -> str:
    """Return what a node is called in the rows and in the history; the first has the number 0."""
    return f"node-{number + 1}"


class BrokenTimes:
    """The times at which something was broken, each with its aftermath."""

    def __init__(self, history: History) -> None:
        self._faults = history.of(Fault)

    def spared(self, targets: set[str], began: float, ended: float) -> bool:
        """Say whether none of the targets was broken, or just repaired, at any time between."""
        return not any(fault.target in targets for fault in self._between(began, ended))

    def nothing_froze(self, began: float, ended: float) -> bool:
        """Say whether no process stood still at any time between."""
        return not any(fault.what.startswith("freeze") for fault in self._between(began, ended))

    def _between(self, began: float, ended: float) -> list[Fault]:
        return [f for f in self._faults if f.at <= ended and began <= f.ended + _aftermath(f)]


def _aftermath(fault: Fault) -> float:
    return REDIS_AFTERMATH_SECONDS if fault.target == REDIS else NODE_AFTERMATH_SECONDS


class PhoneLines:
    """The sockets of phones: to which node, from when to when, and what was answered on them."""

    def __init__(self, history: History) -> None:
        self.dials = history.of(PhoneDialed)
        self.node = {dial.socket: dial.node for dial in self.dials}
        self.user = {dial.socket: dial.user for dial in self.dials}
        self.welcomed = {entry.socket: entry.at for entry in history.of(PhoneWelcomed)}
        self.gone = {entry.socket: entry.at for entry in history.of(PhoneGone)}
        self._pongs: dict[int, list[PhonePonged]] = defaultdict(list)
        for pong in history.of(PhonePonged):
            self._pongs[pong.socket].append(pong)

    def confirmed_at(self, socket: int, sent_at: float) -> float | None:
        """Return when the cloud first answered a ping that was sent after something else on that socket."""
        answers = [pong.at for pong in self._pongs[socket] if pong.pinged_at >= sent_at]
        return min(answers, default=None)

    def is_only_one(self, socket: int, began: float, ended: float) -> bool:
        """Say whether the phone's socket was open, and its user dialed no other, at any time between."""
        if self.welcomed.get(socket, math.inf) > began or self.gone.get(socket, math.inf) < ended:
            return False
        others = [dial for dial in self.dials if dial.user == self.user[socket] and dial.socket != socket]
        opened = self.welcomed[socket]
        return not any(
            dial.at < ended and (dial.at > opened or self.gone.get(dial.socket, math.inf) > opened)
            for dial in others
        )


class AppLines:
    """The sockets of apps."""

    def __init__(self, history: History) -> None:
        self._seated: dict[tuple[str, str], list[AppSeated]] = defaultdict(list)
        for entry in history.of(AppSeated):
            self._seated[entry.user, entry.package].append(entry)
        self._gone = {entry.socket: entry.at for entry in history.of(AppGone)}

    def seated(self, user: str, package: str, began: float, ended: float) -> AppSeated | None:
        """Return the newest socket that had its ack before and was open all the time between."""
        sockets = [entry for entry in self._seated[user, package] if entry.at < began]
        newest = sockets[-1] if sockets else None
        if newest is None or self._gone.get(newest.socket, math.inf) < ended:
            return None
        return newest


class Moves:
    """The moves of sessions and runs by user, in the order they were made."""

    def __init__(self, rows: Rows) -> None:
        owners = {row.session: row.user for row in rows.sessions}
        self._moves: dict[tuple[str, str], list[Move]] = defaultdict(list)
        for move in rows.moves:
            self._moves[owners[move.session], move.package].append(move)

    def of(self, user: str, package: str = "") -> list[Move]:
        """List the moves of a user's sessions, or of an app in them."""
        return self._moves[user, package]

    def steady(self, user: str, package: str, state: str, began: float, ended: float) -> bool:
        """Say whether session or run was in `state` all the time between, without any move."""
        before = [move for move in self.of(user, package) if move.at <= began]
        between = [move for move in self.of(user, package) if began < move.at <= ended]
        return bool(before) and before[-1].after == state and not between

    def attached_at(self, user: str, package: str, began: float, ended: float) -> float | None:
        """Return when an app had its socket that ran, or followed its session to a new owner, all the time between.

        An app whose socket is open may wait for its session's new owner to find it: then it is attached later than
        `ended`. None when anything else happened to it, or when the session moved on before.
        """
        path = self.of(user, package)
        before = [move for move in path if move.at <= began]
        if not before or not (before[-1].after == "running" or _waits_for_owner(before[-1])):
            return None
        attached = ended if before[-1].after == "running" else None
        for move in path[len(before) :]:
            if attached is not None and move.at > ended:
                break
            if _waits_for_owner(move):
                attached = None
            elif move.cause == "attached" and move.detail.startswith("transfer"):
                attached = max(move.at, ended)
            else:
                return None
        if attached is None or not self.steady(user, "", "ACTIVE", began, attached):
            return None
        return attached


def _waits_for_owner(move: Move) -> bool:
    return (move.after, move.detail) == ("grace_period", "the owner changed")
