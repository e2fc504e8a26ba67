"""Long texts are cut where a reader would pause, and nothing is lost."""

from hypothesis import given
from hypothesis import strategies as st

from sessions_app.speech.pieces import pieces_of


@given(st.text(alphabet="ab .,!\n世。", max_size=200), st.integers(1, 30))
def test_pieces_are_short_and_hold_every_letter(text: str, most: int) -> None:
    pieces = list(pieces_of(text, most))

    assert all(piece.strip() and len(piece) <= most for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_ends_of_sentences_come_before_commas_and_spaces() -> None:
    text = "One, two. Three, four five"
    assert list(pieces_of(text, 20)) == ["One, two.", "Three, four five"]
    assert list(pieces_of(text, 8)) == ["One,", "two.", "Three,", "four", "five"]


def test_a_short_text_is_one_piece() -> None:
    assert list(pieces_of("  Hello. You. ", 100)) == ["Hello. You."]
    assert list(pieces_of("   ", 100)) == []
