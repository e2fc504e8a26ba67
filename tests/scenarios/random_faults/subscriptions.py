"""Which subscriptions of an app may be in force when: what it sent, what was confirmed by a row, what a stop ended."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from itertools import zip_longest

from tests.scenarios.random_faults.history import AppSeated, History, RunSeen, Streams, Subscribed
from tests.scenarios.random_faults.quiet_spells import Moves
from tests.scenarios.random_faults.rows import Move, Rows

# A start takes everything back; its row may be late while the database or its node stands still.
START_STORED_SECONDS = 8.0
# How long before its arrival an ack may have been made.
ACK_TRAVEL_SECONDS = 5.0

List = tuple[float, Streams]


class Timeline:
    """The lists of one app of one user with the time of each, and which were confirmed.

    A list is acknowledged once a row shows it: from then on only it, and what was sent after it, may be in force.
    """

    def __init__(self, sent: list[List], ends: list[float], starts: list[float], seen: list[RunSeen]) -> None:
        self._lists: list[List] = sorted([(0.0, ()), *sent, *((at, ()) for at in (*ends, *starts))])
        self._times = [at for at, _ in self._lists]
        self._bases = [(0.0, 0)]
        self.lost: list[str] = []
        stored = [(at + START_STORED_SECONDS, bisect_left(self._times, at)) for at in starts]
        for row in sorted(seen, key=lambda row: row.read_until):
            self._raise_base([base for base in stored if base[0] <= row.at])
            self._confirm(row)
        self._raise_base(stored)

    def possible(self, began: float, ended: float) -> list[Streams]:
        """Return every list that may have been in force at any time between."""
        base = max(index for at, index in self._bases if at <= began)
        return [streams for _, streams in self._lists[base : bisect_right(self._times, ended)]]

    def _raise_base(self, bases: list[tuple[float, int]]) -> None:
        self._bases += [base for base in bases if base[1] > self._bases[-1][1]]

    def _confirm(self, row: RunSeen) -> None:
        base, until = self._bases[-1][1], bisect_right(self._times, row.read_until)
        matching = [index for index in range(base, until) if self._lists[index][1] == row.subscriptions]
        if matching:
            self._bases.append((row.read_until, matching[0]))
            return
        may_be = sorted({streams for _, streams in self._lists[base:until]})
        self.lost.append(
            f"{row.user} {row.package} at {row.at:.3f}: {row.state} with {row.subscriptions}, not one of {may_be}"
        )


class Subscriptions:
    """The time lines of all apps."""

    def __init__(self, history: History, rows: Rows) -> None:
        sent, seen = defaultdict(list), defaultdict(list)
        for update in history.of(Subscribed):
            sent[update.user, update.package].append((update.at, update.streams))
        for row in history.of(RunSeen):
            seen[row.user, row.package].append(row)
        moves = Moves(rows)
        self._lines: dict[tuple[str, str], Timeline] = {}
        for user, package in {*sent, *seen}:
            path = moves.of(user, package)
            ends, starts = [move.at for move in path if move.after == "stopped"], _new_starts(path)
            self._lines[user, package] = Timeline(sent[user, package], ends, starts, seen[user, package])

    def of(self, user: str, package: str) -> Timeline:
        """Return the time line of one app."""
        return self._lines.get((user, package)) or Timeline([], [], [], [])

    def lost(self) -> list[str]:
        """Describe every row that lacks an acknowledged subscription or has one that nobody asked for."""
        return [loss for line in self._lines.values() for loss in line.lost]


def _new_starts(path: list[Move]) -> list[float]:
    """List when an app was started anew; one that its open socket only followed to a new owner takes nothing back."""
    return [
        move.at
        for move, following in zip_longest(path, path[1:])
        if move.after == "connecting" and not (following and following.detail.startswith("transfer"))
    ]


def acknowledged_subscriptions_survive(history: History, rows: Rows) -> list[str]:
    """What a row or an ack says must be what the app sent last and was acknowledged, or something sent after it."""
    subscriptions = Subscriptions(history, rows)
    wrong = [
        f"{ack.user} {ack.package} was acked at {ack.at:.3f} with {ack.subscriptions}, not one of {sorted(set(may_be))}"
        for ack in history.of(AppSeated)
        if tuple(sorted(ack.subscriptions))
        not in (
            may_be := subscriptions.of(ack.user, ack.package).possible(ack.at - ACK_TRAVEL_SECONDS, ack.at)
        )
    ]
    return [*subscriptions.lost(), *wrong]
