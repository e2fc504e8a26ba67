"""What must hold of sessions, whatever happened: one per user, unbroken histories, disposed once and in time. Pure."""

from collections import Counter, defaultdict

from tests.scenarios.random_faults.history import History, PhonePonged, Settled
from tests.scenarios.random_faults.quiet_spells import node_name
from tests.scenarios.random_faults.rows import Move, Rows, SessionRow

# A node says at most this long after a phone was last heard that it lives; its clock starts the grace period.
LONGEST_TOUCH_SECONDS = 4.0
# Times are stored with microseconds and compared as floats.
ROUNDING_SECONDS = 0.001
GRACE_EXPIRED = "grace_expired"


def one_live_session_per_user(_: History, rows: Rows) -> list[str]:
    """A user's session is condemned before the next one begins."""
    live: dict[str, set[str]] = defaultdict(set)
    found = []
    users = {row.session: row.user for row in rows.sessions}
    for move in sorted(rows.moves, key=lambda move: move.number):
        if move.package:
            continue
        mine = live[users[move.session]]
        if move.after in ("DISPOSING", "DISPOSED"):
            mine.discard(move.session)
        else:
            mine.add(move.session)
        if len(mine) > 1:
            found.append(f"{users[move.session]} has the live sessions {sorted(mine)} at {move.at:.3f}")
    return found


def histories_are_unbroken(_: History, rows: Rows) -> list[str]:
    """Each move begins in the state in which the one before ended, and the row is in the last one."""
    last: dict[tuple[str, str], str] = {}
    found = []
    for move in sorted(rows.moves, key=lambda move: move.number):
        place = (move.session, move.package)
        before = last.get(place, "")
        is_new_run = before == "stopped" and move.before == ""
        # Two owners may note the same loss of a socket; the app is where both say.
        is_repeated = bool(move.package) and move.after == before
        if move.before != before and not is_new_run and not is_repeated:
            found.append(f"{place}: {move.before} -> {move.after} ({move.cause}) came after {before}")
        last[place] = move.after
    states = {(row.session, ""): row.state for row in rows.sessions}
    states |= {(run.session, run.package): run.state for run in rows.runs}
    found += [
        f"{place} is {state} after a move to {last[place]}"
        for place, state in states.items()
        if last[place] != state
    ]
    return found


def disposed_once_after_the_deadline(_: History, rows: Rows, *, grace_seconds: float) -> list[str]:
    """A session is condemned once and finished once; for its grace period only once that is over."""
    found = []
    for row in rows.sessions:
        counts = Counter(move.after for move in rows.moves_of(row.session))
        found += [
            f"{row.user} {row.session}: {n} moves to {s}"
            for s, n in counts.items()
            if s.startswith("DISPOS") and n > 1
        ]
        for condemned in _expiries(rows, row):
            due = (row.disconnected_at or float("inf")) + grace_seconds
            if condemned.at < due - ROUNDING_SECONDS:
                found.append(f"{row.user} {row.session} was condemned {due - condemned.at:.3f} s too early")
    return found


def nobody_present_is_disposed(history: History, rows: Rows, *, grace_seconds: float) -> list[str]:
    """No grace period ends while the phone was answered within it."""
    pongs = history.of(PhonePonged)
    found = []
    for row in rows.sessions:
        for condemned in _expiries(rows, row):
            since = condemned.at - grace_seconds + LONGEST_TOUCH_SECONDS
            heard = [
                p.pinged_at
                for p in pongs
                if p.user == row.user and since < p.pinged_at and p.at < condemned.at
            ]
            if heard:
                ago = condemned.at - max(heard)
                found.append(f"{row.user} {row.session} was condemned {ago:.3f} s after a ping was answered")
    return found


def all_sessions_are_where_they_belong(history: History, rows: Rows) -> list[str]:
    """In the end who is online has one active session on the node of the phone, and everybody else has none."""
    found = []
    for settled in history.of(Settled)[-1:]:
        for user in {row.user for row in rows.sessions}:
            left = [
                (row.state, row.owner)
                for row in rows.sessions
                if row.user == user and row.state != "DISPOSED"
            ]
            node = settled.online.get(user)
            wanted = [] if node is None else [("ACTIVE", node_name(node))]
            if left != wanted:
                found.append(f"{user} has {left}, not {wanted}")
    return found


def disposed_sessions_run_nothing(_: History, rows: Rows) -> list[str]:
    """Every app of a session that is over is stopped."""
    over = {row.session: row.user for row in rows.sessions if row.state == "DISPOSED"}
    return [
        f"{over[run.session]} {run.package} is {run.state} in a disposed session"
        for run in rows.runs
        if run.session in over and run.state != "stopped"
    ]


def _expiries(rows: Rows, row: SessionRow) -> list[Move]:
    return [m for m in rows.moves_of(row.session) if m.after == "DISPOSING" and m.detail == GRACE_EXPIRED]
