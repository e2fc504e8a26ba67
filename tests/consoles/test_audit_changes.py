"""How changes are laid out to be read."""

from consoles.audit_changes import MOST_LINES, Line, LineKind, field_changes

R, A, K, S = LineKind.REMOVED, LineKind.ADDED, LineKind.KEPT, LineKind.SKIPPED


def lines(before: object, after: object) -> list[tuple[LineKind, str]]:
    (change,) = field_changes({"f": before}, {"f": after})
    return [(line.kind, line.text) for line in change.lines]


def test_a_plain_value_was_one_thing_and_is_another() -> None:
    assert lines("Old", "New") == [(R, "Old"), (A, "New")]
    assert lines(False, True) == [(R, "no"), (A, "yes")]
    assert lines("", None) == [(R, "(empty)"), (A, "(none)")]
    assert lines(3, 4) == [(R, "3"), (A, "4")]


def test_of_a_list_only_what_came_and_went_stands_out() -> None:
    assert lines(["a", "b"], ["b", "c"]) == [(R, "a"), (K, "b"), (A, "c")]
    assert lines({"CAMERA": "to see"}, {"CAMERA": ""}) == [(R, "CAMERA: to see"), (A, "CAMERA")]


def test_long_unchanged_parts_are_left_out() -> None:
    same = [{"key": number} for number in range(5)]
    found = lines(same, [*same, {"key": "new"}])
    assert (S, "… 11 lines as before") in found
    assert (A, '    "key": "new"') in found


def test_fields_of_only_one_side_are_shown_too() -> None:
    gone, came = field_changes({"old_name": 1}, {"new_name": 2})
    assert (gone.name, gone.lines) == ("old name", (Line(R, "1"),))
    assert (came.name, came.lines) == ("new name", (Line(A, "2"),))


def test_endless_values_are_cut() -> None:
    (change,) = field_changes({}, {"f": [str(number) for number in range(MOST_LINES + 5)]})
    assert len(change.lines) == MOST_LINES + 1
    assert change.lines[-1] == Line(S, "… 5 more lines")
