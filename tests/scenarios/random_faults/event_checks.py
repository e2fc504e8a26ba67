"""What must hold of events: whose, to whom, how often, in which order, and which ones must arrive. Pure."""

from collections import Counter, defaultdict
from collections.abc import Callable

from tests.scenarios.random_faults.history import DrawingShown, EventHeard, EventSent, History, Settled
from tests.scenarios.random_faults.quiet_spells import (
    REDIS,
    AppLines,
    BrokenTimes,
    Moves,
    PhoneLines,
    node_name,
)
from tests.scenarios.random_faults.rows import Rows
from tests.scenarios.random_faults.subscriptions import Subscriptions

# Room for what was under way before an event was sent.
BEFORE_SECONDS = 0.5
# The pong says that the owner has passed the event on; so long it may be on its way to the app, over another node.
TRAVEL_SECONDS = 1.0
LONG_WAY_SECONDS = 3.0
# Of these only the newest is kept for an app that is on its way to its session's new owner.
STATES = ("head_position", "phone_battery_update", "switch_status")


def events_stay_with_their_user(history: History, _: Rows) -> list[str]:
    """No app hears, and no glasses show, anything of another user; nothing is heard that was not sent."""
    sent = {event.mark: event for event in history.of(EventSent)}
    found = []
    for heard in history.of(EventHeard):
        event = sent.get(heard.mark)
        whose = (heard.user, f"{heard.user}-{heard.package}", heard.stream)
        if event is None or whose != (event.user, heard.session_id, event.stream):
            found.append(
                f"{heard.package} heard {heard.mark} as {heard.stream} for {heard.user} ({heard.session_id})"
            )
    found += [
        f"{shown.user} saw what {shown.package} drew for {shown.made_for}"
        for shown in history.of(DrawingShown)
        if shown.made_for != shown.user
    ]
    return found


def events_come_once_and_in_order(history: History, _: Rows) -> list[str]:
    """An app hears an event at most once; those of one phone socket on one app socket in the order they were sent."""
    counts = Counter((heard.package, heard.mark) for heard in history.of(EventHeard))
    found = [f"{package} heard {mark} {n} times" for (package, mark), n in counts.items() if n > 1]
    sent = {event.mark: (event.socket, number) for number, event in enumerate(history.of(EventSent))}
    last: dict[tuple[int, int], int] = defaultdict(int)
    for heard in history.of(EventHeard):
        phone, number = sent.get(heard.mark, (0, 0))
        if number < last[heard.socket, phone]:
            found.append(f"{heard.package} heard {heard.mark} after a later event of the same phone")
        last[heard.socket, phone] = max(number, last[heard.socket, phone])
    return found


def only_subscribers_hear(history: History, rows: Rows) -> list[str]:
    """An app hears only streams of a list that may have been in force since the event was sent."""
    subscriptions = Subscriptions(history, rows)
    sent = {event.mark: event.at for event in history.of(EventSent)}
    found = []
    for heard in history.of(EventHeard):
        possible = subscriptions.of(heard.user, heard.package).possible(
            sent.get(heard.mark, heard.at), heard.at
        )
        if not any(heard.stream in streams for streams in possible):
            found.append(
                f"{heard.package} heard {heard.stream} of {heard.user} at {heard.at:.3f}, not subscribed"
            )
    return found


def certain_deliveries(history: History, rows: Rows) -> list[tuple[EventSent, str]]:
    """List the events that must arrive, each with the app that must hear it.

    The phone's socket was its user's only one and a later ping was answered on it; the session was steady; the app ran,
    or its open socket was about to be found by the session's new owner; every list of subscriptions that may have been
    in force has the stream; neither the nodes of the two sockets nor, between two nodes, Redis were broken meanwhile.
    """
    subscriptions, moves, phones = Subscriptions(history, rows), Moves(rows), PhoneLines(history)
    whole = _whole_ways(history)
    found = []
    for event in history.of(EventSent):
        began, answered = event.at - BEFORE_SECONDS, phones.confirmed_at(event.socket, event.at)
        if answered is None or not phones.is_only_one(event.socket, began, answered):
            continue
        for package in {run.package for run in rows.runs}:
            attached = moves.attached_at(event.user, package, began, answered)
            if attached is None or (attached > answered and event.stream in STATES):
                continue
            possible = subscriptions.of(event.user, package).possible(began, answered)
            is_wanted = all(event.stream in streams for streams in possible)
            if is_wanted and whole(event, package, phones.node[event.socket], attached):
                found.append((event, package))
    return found


def _whole_ways(history: History) -> Callable[[EventSent, str, int, float], bool]:
    """Return what says whether the way of an event to an app was whole, from the phone's node on."""
    faults, apps = BrokenTimes(history), AppLines(history)

    def whole(event: EventSent, package: str, node: int, attached: float) -> bool:
        began, ended = event.at - BEFORE_SECONDS, attached + TRAVEL_SECONDS
        line = apps.seated(event.user, package, began, ended)
        if line is None:
            return False
        if line.node == node:
            return faults.spared({node_name(node)}, began, ended)
        ended = attached + LONG_WAY_SECONDS
        stays = apps.seated(event.user, package, began, ended) == line
        return stays and faults.spared({node_name(node), node_name(line.node), REDIS}, began, ended)

    return whole


def what_must_arrive_arrives(history: History, rows: Rows) -> list[str]:
    """Every certain delivery was made."""
    heard = {(heard.package, heard.mark) for heard in history.of(EventHeard)}
    return [
        f"{package} did not hear {event.mark} ({event.stream}) sent at {event.at:.3f}"
        for event, package in certain_deliveries(history, rows)
        if (package, event.mark) not in heard
    ]


def fresh_events_reach_every_subscriber(history: History, rows: Rows) -> list[str]:
    """After all is settled each running app hears what it subscribed to, once, and nothing else."""
    settled = history.of(Settled)
    if not settled:
        return ["It was never settled"]
    fresh = [event for event in history.of(EventSent) if event.at >= settled[-1].at]
    counts = Counter((heard.package, heard.mark) for heard in history.of(EventHeard))
    live = {row.session: row.user for row in rows.sessions if row.state == "ACTIVE"}
    listening = {
        (live[run.session], run.package): run.subscriptions
        for run in rows.runs
        if run.session in live and run.state == "running"
    }
    found = []
    for event in fresh:
        for package in {run.package for run in rows.runs}:
            wanted = int(event.stream in listening.get((event.user, package), ()))
            if counts[package, event.mark] != wanted:
                found.append(
                    f"{package} heard {event.mark} {counts[package, event.mark]} times, not {wanted}"
                )
    return found
