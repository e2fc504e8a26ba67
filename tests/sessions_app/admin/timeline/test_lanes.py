"""What moves mean on a timeline."""

from datetime import datetime, timedelta

import pytest

from sessions_app.admin.timeline.lanes import Lane, MarkKind, Move, draw_lanes, kind_of, text_of
from tests.support.fake_clock import START

APP = "com.example.captions"


def move(seconds: float, what: str, cause: str, detail: str = "", lane: str = "session") -> Move:
    """Return a move of `before>after` so many seconds after the start."""
    before, _, after = what.partition(">")
    return Move(int(seconds * 10), lane, before, after, cause, detail, START + timedelta(seconds=seconds))


OPENED = [
    move(0, ">CONNECTING", "phone_connected"),
    move(0.1, "CONNECTING>ACTIVE", "opened", "owner node-1"),
]
LOST = move(10, "ACTIVE>DISCONNECTED", "phone_lost", "1006")
BACK = move(15, "DISCONNECTED>ACTIVE", "phone_returned", "owner node-1")
OVER = [
    move(20, "ACTIVE>DISPOSING", "condemned", "operator"),
    move(21, "DISPOSING>DISPOSED", "finished"),
]


def spans(lane: Lane) -> list[tuple[str, float, float | None]]:
    """Return state, begin and end of each span, in seconds after the start."""

    def after(moment: datetime | None) -> float | None:
        return None if moment is None else (moment - START).total_seconds()

    return [(span.state, after(span.since) or 0.0, after(span.until)) for span in lane.spans]


def test_a_session_is_a_row_of_states_that_ends_with_it() -> None:
    session, node = draw_lanes([*OPENED, LOST, BACK, *OVER])
    assert spans(session) == [
        ("CONNECTING", 0, 0.1),
        ("ACTIVE", 0.1, 10),
        ("DISCONNECTED", 10, 15),
        ("ACTIVE", 15, 20),
        ("DISPOSING", 20, 21),
    ]
    assert spans(node) == [("node-1", 0.1, 21)]
    assert [mark.kind for mark in session.marks] == [MarkKind.LOSS, MarkKind.BACK]


def test_what_still_lasts_has_no_end() -> None:
    session, node = draw_lanes(OPENED)
    assert spans(session)[-1] == ("ACTIVE", 0.1, None)
    assert spans(node) == [("node-1", 0.1, None)]


def test_a_reconnect_without_a_loss_marks_the_state_it_leaves_as_it_was() -> None:
    session, _ = draw_lanes([*OPENED, move(5, "ACTIVE>ACTIVE", "phone_returned", "owner node-1")])
    assert spans(session)[-1] == ("ACTIVE", 0.1, None)
    assert [mark.kind for mark in session.marks] == [MarkKind.BACK]


def test_a_takeover_is_a_new_node_with_a_mark() -> None:
    takeover = move(15, "DISCONNECTED>ACTIVE", "phone_returned", "owner node-2")
    _, node = draw_lanes([*OPENED, LOST, takeover])
    assert spans(node) == [("node-1", 0.1, 15), ("node-2", 15, None)]
    assert [(mark.kind, mark.text) for mark in node.marks] == [
        (MarkKind.OWNER, "taken over by node-2 from node-1")
    ]


def test_an_app_comes_goes_and_comes_again() -> None:
    lanes = draw_lanes(
        [
            *OPENED,
            move(1, ">connecting", "start", lane=APP),
            move(2, "connecting>running", "attached", lane=APP),
            move(3, "running>grace_period", "socket_lost", lane=APP),
            move(4, "grace_period>running", "attached", lane=APP),
            move(5, "running>stopping", "stop", lane=APP),
            move(6, "stopping>stopped", "stopped", lane=APP),
            move(8, ">connecting", "start", lane=APP),
            move(9, "connecting>stopped", "start_failed", "WEBHOOK: refused", lane=APP),
        ]
    )
    assert [lane.name for lane in lanes] == ["session", "node", APP]
    assert spans(lanes[2]) == [
        ("connecting", 1, 2),
        ("running", 2, 3),
        ("grace_period", 3, 4),
        ("running", 4, 5),
        ("stopping", 5, 6),
        ("connecting", 8, 9),
    ]
    assert [mark.kind for mark in lanes[2].marks] == [MarkKind.LOSS, MarkKind.BACK, MarkKind.ERROR]


@pytest.mark.parametrize(
    ("what", "cause", "detail", "kind"),
    [
        ("ACTIVE>DISCONNECTED", "phone_lost", "1006", MarkKind.LOSS),
        ("ACTIVE>DISCONNECTED", "phone_lost", "node n fell silent", MarkKind.ERROR),
        ("DISPOSING>DISPOSED", "finished", "failed: snapshot", MarkKind.ERROR),
        ("DISPOSING>DISPOSED", "finished", "", None),
        ("connecting>running", "attached", "", None),
        ("dormant>running", "attached", "", MarkKind.BACK),
        ("resurrecting>stopped", "gave_up", "", MarkKind.ERROR),
        (">stopped", "retired", "", MarkKind.ERROR),
        ("running>stopping", "stop", "", None),
        ("x>y", "something new", "", None),
    ],
)
def test_what_deserves_a_mark(what: str, cause: str, detail: str, kind: MarkKind | None) -> None:
    assert kind_of(move(0, what, cause, detail)) is kind


def test_a_move_in_one_line() -> None:
    assert text_of(LOST) == "phone lost: ACTIVE → DISCONNECTED (1006)"
    assert text_of(move(0, "ACTIVE>ACTIVE", "phone_returned")) == "phone returned: ACTIVE"


def test_nothing_happened_nothing_is_drawn() -> None:
    assert draw_lanes([]) == []
