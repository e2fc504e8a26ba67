"""Sound that waits: overlaps, gaps, marks and the bound."""

from hypothesis import given
from hypothesis import strategies as st

from sessions_app.speech.worker.intake import WINDOW_BYTES, WINDOW_SAMPLES, Intake, Mark, Marked, Piece


def sound(position: int, samples: int) -> bytes:
    """Return samples that each tell their position."""
    return b"".join((each % 65536).to_bytes(2, "little") for each in range(position, position + samples))


def test_whole_windows_are_given_and_the_rest_waits() -> None:
    intake = Intake(100, 10_000)
    intake.add(100, sound(100, 1100))

    assert intake.take() == [Piece(100, sound(100, 1024))]
    assert intake.waiting_samples == 76
    intake.add(1200, sound(1200, 436))
    assert intake.take() == [Piece(1124, sound(1124, 512))]


def test_what_is_here_already_is_skipped() -> None:
    intake = Intake(0, 10_000)
    intake.add(0, sound(0, 400))
    intake.add(200, sound(200, 400))
    intake.add(0, sound(0, 100))

    assert intake.expected == 600
    assert intake.take() == [Piece(0, sound(0, 512))]


def test_a_gap_gives_the_rest_before_it() -> None:
    intake = Intake(0, 10_000)
    intake.add(0, sound(0, 600))
    intake.add(5000, sound(5000, 512))

    assert intake.take() == [Piece(0, sound(0, 600)), Marked(5000, Mark.GAP), Piece(5000, sound(5000, 512))]
    assert intake.waiting_samples == 0


def test_a_mark_stands_where_it_was_made() -> None:
    intake = Intake(0, 10_000)
    intake.add(0, sound(0, 100))
    intake.mark(Mark.SILENCE)
    intake.add(100, sound(100, 100))

    had_marks = intake.has_marks
    assert intake.take() == [Piece(0, sound(0, 100)), Marked(100, Mark.SILENCE)]
    assert (had_marks, intake.has_marks) == (True, False)
    assert intake.waiting_samples == 100


def test_a_piece_is_cut_into_windows() -> None:
    piece = Piece(0, bytes(2 * WINDOW_BYTES + 10))

    assert [len(window) for window in piece.windows] == [WINDOW_BYTES, WINDOW_BYTES, 10]


def test_of_too_much_the_oldest_is_dropped() -> None:
    intake = Intake(0, 4 * WINDOW_SAMPLES)
    intake.add(0, sound(0, 3 * WINDOW_SAMPLES))
    intake.mark(Mark.VOICE)
    dropped = intake.add(3 * WINDOW_SAMPLES, sound(3 * WINDOW_SAMPLES, 2 * WINDOW_SAMPLES))

    assert dropped == 3 * WINDOW_SAMPLES
    assert intake.take() == [
        Marked(3 * WINDOW_SAMPLES, Mark.GAP),
        Marked(3 * WINDOW_SAMPLES, Mark.VOICE),
        Piece(3 * WINDOW_SAMPLES, sound(3 * WINDOW_SAMPLES, 2 * WINDOW_SAMPLES)),
    ]


@given(
    st.lists(
        st.tuples(st.integers(0, 3000), st.integers(0, 1500), st.sampled_from([None, *Mark]), st.booleans())
    )
)
def test_sound_is_in_order_each_sample_once_and_never_too_much(
    pieces: list[tuple[int, int, Mark | None, bool]],
) -> None:
    intake = Intake(0, 4000)
    dropped, given_steps, heard = 0, [], 0
    for position, samples, mark, takes in pieces:
        before = intake.expected
        dropped += intake.add(position, sound(position, samples))
        heard += max(0, position + samples - max(position, before))
        if mark is not None and mark is not Mark.GAP:
            intake.mark(mark)
        assert intake.waiting_samples <= 4000
        if takes:
            given_steps += intake.take()
    left = intake.waiting_samples
    given_steps += intake.take()
    taken = [step for step in given_steps if isinstance(step, Piece)]

    end = 0
    for piece in taken:
        assert piece.position >= end
        assert piece.samples == sound(piece.position, len(piece.samples) // 2)
        end = piece.position + len(piece.samples) // 2
    assert sum(len(piece.samples) // 2 for piece in taken) + dropped + intake.waiting_samples == heard
    assert left >= intake.waiting_samples
