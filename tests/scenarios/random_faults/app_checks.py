"""What must hold of apps: each that was started runs, was stopped by somebody, or was reported failed. Pure."""

from collections.abc import Iterator

from tests.scenarios.random_faults.history import (
    AppReported,
    AppSeated,
    AppWished,
    Healed,
    History,
    Settled,
    WebhookCame,
)
from tests.scenarios.random_faults.quiet_spells import (
    REDIS,
    AppLines,
    BrokenTimes,
    Moves,
    PhoneLines,
    node_name,
)
from tests.scenarios.random_faults.rows import Move, Rows

# Until a wish that was answered by a pong is a row, and until the report of a failure is at the phone.
STORED_SECONDS = 3.0
REPORTED_SECONDS = 3.0
# A start waits for a stop under way: signals to the app, its server's answer.
STARTED_SECONDS = 10.0
FAILURES = ("start_failed", "gave_up")
AT_REST = ("running", "stopped")
# How long ago a socket must have been attached, and everything around it whole, for a start call to be needless.
LONG_ATTACHED_SECONDS = 12.0


def stops_have_an_author(history: History, rows: Rows) -> list[str]:
    """An app that was stopped for the user was stopped by the user."""
    wishes = [wish for wish in history.of(AppWished) if not wish.running]
    return [
        f"{rows.user_of(move.session)} {move.package} was stopped for the user at {move.at:.3f}"
        for move in rows.moves
        if move.cause == "stop"
        and move.detail.startswith("user_disabled")
        and not any(
            (wish.user, wish.package) == (rows.user_of(move.session), move.package) and wish.at <= move.at
            for wish in wishes
        )
    ]


def failures_are_reported(history: History, rows: Rows) -> list[str]:
    """A phone that was connected when its app failed was told so."""
    phones, faults, reports = PhoneLines(history), BrokenTimes(history), history.of(AppReported)
    found = []
    for move in rows.moves:
        if move.cause not in FAILURES:
            continue
        user, until = rows.user_of(move.session), move.at + REPORTED_SECONDS
        line = _only_line(phones, user, move.at - 1.0, until)
        if line is None or not faults.spared({node_name(phones.node[line])}, move.at - 1.0, until):
            continue
        told = [
            report
            for report in reports
            if (report.socket, report.package, report.running) == (line, move.package, False)
            and move.at - 1.0 <= report.at <= until
        ]
        if not told:
            found.append(f"{user} was not told at {move.at:.3f} that {move.package} failed ({move.detail})")
    return found


def _only_line(phones: PhoneLines, user: str, began: float, ended: float) -> int | None:
    mine = (dial.socket for dial in phones.dials if dial.user == user)
    return next((socket for socket in mine if phones.is_only_one(socket, began, ended)), None)


def certain_wishes(history: History) -> Iterator[AppWished]:
    """Yield the wishes that must have been carried out: answered by a pong, nothing broken or dialed until stored."""
    phones, faults = PhoneLines(history), BrokenTimes(history)
    for wish in history.of(AppWished):
        answered = phones.confirmed_at(wish.socket, wish.at)
        if answered is None:
            continue
        until = answered + STORED_SECONDS
        whole = faults.spared({node_name(phones.node[wish.socket]), "database"}, wish.at, until)
        if whole and phones.is_only_one(wish.socket, wish.at, until):
            yield wish


def wishes_are_heard(history: History, rows: Rows) -> list[str]:
    """An app that was surely started is started or refused; one that was surely stopped is not called back."""
    moves, reports, wishes = Moves(rows), history.of(AppReported), history.of(AppWished)
    found = []
    for wish in certain_wishes(history):
        later = [w.at for w in wishes if (w.user, w.package) == (wish.user, wish.package) and w.at > wish.at]
        until = min(later, default=float("inf"))
        path = moves.of(wish.user, wish.package)
        if wish.running:
            is_told = any(
                (r.user, r.package) == (wish.user, wish.package) and r.at > wish.at for r in reports
            )
            if until > wish.at + STARTED_SECONDS and not is_told and not _is_alive(path, wish.at):
                found.append(f"{wish.user} started {wish.package} at {wish.at:.3f} and nothing came of it")
        elif any(m.after == "connecting" and wish.at + STORED_SECONDS < m.at < until for m in path):
            found.append(f"{wish.user} stopped {wish.package} at {wish.at:.3f} and it came back")
    return found


def _is_alive(path: list[Move], at: float) -> bool:
    """Say whether the app ran at this time or was started soon after."""
    before = [move.after for move in path if move.at <= at]
    soon = [move.after for move in path if at < move.at <= at + STARTED_SECONDS]
    return "connecting" in soon or (bool(before) and before[-1] not in ("stopping", "stopped"))


def apps_come_back_with_their_user(history: History, rows: Rows) -> list[str]:
    """What ran when a session ended is started in the next one, unless its user stopped it or it failed before."""
    faults, seated = BrokenTimes(history), {(entry.user, entry.package) for entry in history.of(AppSeated)}
    found = []
    for user in {row.user for row in rows.sessions}:
        sessions = [row for row in rows.sessions if row.user == user]
        for former, following in zip(sessions, sessions[1:], strict=False):
            opened = rows.moves_of(following.session)[0].at
            for package in {run.package for run in rows.runs if (user, run.package) in seated}:
                ran = _ran_to_the_end(rows.moves_of(former.session, package), faults)
                if ran and not rows.moves_of(following.session, package) and opened < _healed(history):
                    found.append(f"{user} {package} ran until {former.session} ended and did not come back")
    return found


def _ran_to_the_end(path: list[Move], faults: BrokenTimes) -> bool:
    attached = [move for move in path if move.cause == "attached"]
    if not attached or any(move.cause in FAILURES for move in path):
        return False
    if any(move.cause == "stop" and move.detail.startswith("user_disabled") for move in path):
        return False
    machines = {node_name(number) for number in range(3)} | {"database"}
    return faults.spared(machines, attached[0].at, attached[0].at + STORED_SECONDS)


def _healed(history: History) -> float:
    return min((entry.at for entry in history.of(Healed)), default=float("inf"))


def runs_end_at_rest(history: History, rows: Rows) -> list[str]:
    """After all is settled no app is between two states, and what its user wished is so."""
    if not history.of(Settled):
        return ["It was never settled"]
    live = {row.session: row.user for row in rows.sessions if row.state == "ACTIVE"}
    states = {(live[run.session], run.package): run.state for run in rows.runs if run.session in live}
    found = [f"{user} {package} is {s}" for (user, package), s in states.items() if s not in AT_REST]
    wishes = {(wish.user, wish.package): wish.running for wish in history.of(AppWished)}
    found += [
        f"{user} wished {package} {'to run' if wanted else 'to stop'}; it is {states.get((user, package))}"
        for (user, package), wanted in wishes.items()
        if user in live.values() and wanted != (states.get((user, package)) == "running")
    ]
    return found


def attached_apps_are_not_called(history: History, rows: Rows) -> list[str]:
    """The server of an app whose socket is long attached gets no start call (§4.1), whoever owns the session.

    Excused are faults of the socket's node and of what a new owner needs to find the socket in time.
    """
    faults, apps = BrokenTimes(history), AppLines(history)
    found = []
    for call in history.of(WebhookCame):
        began = call.at - LONG_ATTACHED_SECONDS
        line = apps.seated(call.user, call.package, began, call.at)
        if call.kind != "session_request" or line is None:
            continue
        needed = {node_name(line.node), REDIS, "database"}
        if faults.spared(needed, began, call.at) and faults.nothing_froze(began, call.at):
            found.append(f"{call.package} was called at {call.at:.3f} for {call.user} although attached")
    return found
