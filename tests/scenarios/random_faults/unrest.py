"""What is not quiet yet: compares the rows with what phones, app servers and users hold and want."""

from collections.abc import Mapping, Sequence

from tests.scenarios.random_faults.app_servers import MiniApp
from tests.scenarios.random_faults.history import AppWished, History
from tests.scenarios.random_faults.phones import Wearer
from tests.scenarios.random_faults.quiet_spells import node_name
from tests.scenarios.random_faults.rows import Rows

AT_REST = ("running", "stopped")
Wishes = Mapping[tuple[str, str], bool]


def wishes_of(history: History) -> Wishes:
    """Return which app each user last wished to run (true) or not."""
    return {(wish.user, wish.package): wish.running for wish in history.of(AppWished)}


def running_apps(rows: Rows, user: str) -> dict[str, tuple[str, ...]]:
    """Return the running apps of a user with their subscriptions."""
    live = {row.session for row in rows.sessions if row.user == user and row.state == "ACTIVE"}
    return {
        run.package: run.subscriptions for run in rows.runs if run.session in live and run.state == "running"
    }


def unrest_of_absent(rows: Rows, wearer: Wearer) -> list[str]:
    """Say what is left of a user whose phone is off for good."""
    left = [row.state for row in rows.sessions if row.user == wearer.email and row.state != "DISPOSED"]
    return [f"{wearer.email} is away and {state}" for state in left]


def unrest_of(rows: Rows, wearer: Wearer, apps: Sequence[MiniApp]) -> list[str]:
    """Say what a user who is online waits for: the session with its phone, the apps with their sockets."""
    live = [row for row in rows.sessions if row.user == wearer.email and row.state != "DISPOSED"]
    line = wearer.line
    if [row.state for row in live] != ["ACTIVE"]:
        return [f"{wearer.email} has sessions {[row.state for row in live]}"]
    if line is None or not line.is_ready or live[0].owner != node_name(line.node):
        return [f"{wearer.email}: the phone is not with {live[0].owner}"]
    runs = [run for run in rows.runs if run.session == live[0].session]
    moving = [f"{wearer.email} {run.package} is {run.state}" for run in runs if run.state not in AT_REST]
    return moving + _deaf(running_apps(rows, wearer.email), wearer, apps)


def unfulfilled(rows: Rows, wearer: Wearer, wishes: Wishes) -> list[str]:
    """Name the wishes of a user that are not so."""
    running = running_apps(rows, wearer.email)
    return [
        f"{wearer.email} wished {package} {'to run' if wanted else 'to stop'}"
        for (user, package), wanted in wishes.items()
        if user == wearer.email and wanted != (package in running)
    ]


def _deaf(running: Mapping[str, tuple[str, ...]], wearer: Wearer, apps: Sequence[MiniApp]) -> list[str]:
    """Name the running apps whose socket or subscriptions are not what their server wants."""
    found = []
    for app in apps:
        if app.package_name not in running:
            continue
        session, subscriptions = app.sessions.get(wearer.email), running[app.package_name]
        if session is None or not session.is_seated:
            found.append(f"{wearer.email} {app.package_name} has no socket")
        elif sorted(session.streams) != sorted(subscriptions):
            found.append(f"{wearer.email} {app.package_name} has {subscriptions}, not {session.streams}")
    return found
