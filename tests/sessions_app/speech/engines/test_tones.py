"""Tones: what was written is read, however the sound was cut."""

import pytest

from sessions_app.speech.engines.tones import LETTERS, TonesReader
from tests.support.speech_sound import frames_of, silence, sound_of

ALL_LETTERS = f"{LETTERS[:13]} {LETTERS[13:26]} {LETTERS[26:]}"


def read(pieces: list[bytes]) -> str:
    reader = TonesReader()
    for piece in pieces:
        reader.feed(piece)
    return reader.finish()


@pytest.mark.parametrize("frame_bytes", [2, 640, 6000, 10**6])
def test_words_are_read_from_pieces_of_any_length(frame_bytes: int) -> None:
    assert read(frames_of(sound_of("one two llama"), frame_bytes)) == "one two llama"


@pytest.mark.parametrize("samples", [1, 159, 477])
def test_words_may_begin_anywhere(samples: int) -> None:
    assert read([bytes(2 * samples), sound_of(ALL_LETTERS)]) == ALL_LETTERS


def test_a_word_whose_beginning_is_missing_is_understood() -> None:
    assert read([sound_of("late word")[3000:]]) == "late word"


def test_the_last_word_needs_no_silence() -> None:
    assert read([sound_of("one two", ends=False)[:-1920]]) == "one two"


def test_silence_says_nothing() -> None:
    assert read([silence(1)]) == ""
