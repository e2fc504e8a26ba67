"""Utterances in windows of sound whose speech is known."""

import struct
from collections.abc import Iterable

import pytest

from sessions_app.speech.wire import SAMPLE_BYTES, SAMPLE_RATE
from sessions_app.speech.worker.cutting import RUN_UP_SAMPLES, Began, Cut, Cutter, Ended, Limits, More
from sessions_app.speech.worker.intake import WINDOW_SAMPLES

LIMITS = Limits(silence=0.5, longest=15.0, least_speech=0.25)
WINDOW_SECONDS = WINDOW_SAMPLES / SAMPLE_RATE


def windows(seconds: float) -> int:
    return round(seconds / WINDOW_SECONDS)


def hear(cutter: Cutter, *stretches: tuple[float, float], loudness: int = 100) -> list[Cut]:
    """Let it hear stretches of (seconds, likelihood of speech)."""
    cuts: list[Cut] = []
    for seconds, probability in stretches:
        for _ in range(windows(seconds)):
            cuts += cutter.take(struct.pack("<h", loudness) * WINDOW_SAMPLES, probability)
    return cuts


def samples_of(cuts: Iterable[Cut]) -> int:
    return sum(len(cut.samples) for cut in cuts if isinstance(cut, More)) // SAMPLE_BYTES


def began(cuts: Iterable[Cut]) -> list[Began]:
    return [cut for cut in cuts if isinstance(cut, Began)]


def ended(cuts: Iterable[Cut]) -> list[Ended]:
    return [cut for cut in cuts if isinstance(cut, Ended)]


@pytest.fixture
def cutter() -> Cutter:
    return Cutter(LIMITS, 0)


def test_an_utterance_has_run_up_and_ends_by_silence(cutter: Cutter) -> None:
    cuts = hear(cutter, (1.0, 0.0), (1.0, 0.9), (0.6, 0.0))

    assert [type(cut) for cut in cuts if not isinstance(cut, More)] == [Began, Ended]
    voice = windows(1.0) * WINDOW_SAMPLES
    assert began(cuts)[0].voice == voice
    assert RUN_UP_SAMPLES - WINDOW_SAMPLES <= voice - began(cuts)[0].position <= RUN_UP_SAMPLES
    assert ended(cuts)[0].voice == 2 * voice
    assert samples_of(cuts) == pytest.approx(1.8 * SAMPLE_RATE, abs=2 * WINDOW_SAMPLES)


def test_a_short_noise_is_no_utterance(cutter: Cutter) -> None:
    assert hear(cutter, (1.0, 0.0), (0.2, 0.9), (2.0, 0.0)) == []


def test_two_short_noises_far_apart_are_none_either(cutter: Cutter) -> None:
    assert hear(cutter, (0.2, 0.9), (0.6, 0.0), (0.2, 0.9), (2.0, 0.0)) == []


def test_a_pause_inside_a_sentence_ends_nothing(cutter: Cutter) -> None:
    cuts = hear(cutter, (1.0, 0.9), (0.4, 0.0), (1.0, 0.9), (0.6, 0.0))

    assert len(began(cuts)) == len(ended(cuts)) == 1


def test_doubtful_windows_go_on_but_begin_nothing(cutter: Cutter) -> None:
    assert hear(cutter, (2.0, 0.4)) == []
    cuts = hear(cutter, (0.5, 0.9), (2.0, 0.4))

    assert len(began(cuts)) == 1
    assert not ended(cuts)


def test_the_silence_after_an_utterance_is_run_up_of_the_next(cutter: Cutter) -> None:
    hear(cutter, (1.0, 0.9), (windows(0.5) * WINDOW_SECONDS, 0.0))
    cuts = hear(cutter, (WINDOW_SECONDS, 0.0), (1.0, 0.9))

    assert began(cuts)[0].voice - began(cuts)[0].position >= RUN_UP_SAMPLES - WINDOW_SAMPLES


def test_the_longer_it_is_the_shorter_a_pause_ends_it(cutter: Cutter) -> None:
    cuts = hear(cutter, (9.0, 0.9), (0.3, 0.0))
    assert not ended(cuts)
    cuts = hear(cutter, (3.0, 0.9), (0.3, 0.0))

    assert len(ended(cuts)) == 1


def test_one_without_a_pause_is_cut_at_the_quietest_place(cutter: Cutter) -> None:
    cuts = hear(cutter, (14.4, 0.9))
    quiet_at = cutter.position
    cuts += hear(cutter, (WINDOW_SECONDS, 0.9), loudness=1)
    cuts += hear(cutter, (1.0, 0.9)) + cutter.finish()

    first, second = began(cuts)
    assert second.position == quiet_at + WINDOW_SAMPLES
    assert ended(cuts)[0].voice == second.position
    assert samples_of(cuts) == cutter.position
    assert first.position == 0


def test_no_sound_is_lost_or_doubled_where_it_is_cut(cutter: Cutter) -> None:
    cuts = hear(cutter, (40.0, 0.9))
    cuts += cutter.finish()

    assert len(began(cuts)) == len(ended(cuts)) == 3
    assert samples_of(cuts) == cutter.position


def test_who_is_believed_begins_at_once(cutter: Cutter) -> None:
    hear(cutter, (1.0, 0.0))
    cuts = cutter.believe()

    assert began(cuts)[0].voice == cutter.position
    assert RUN_UP_SAMPLES <= samples_of(cuts) < RUN_UP_SAMPLES + WINDOW_SAMPLES
    assert not ended(hear(cutter, (3.0, 0.0)))
    assert len(ended(cutter.finish())) == 1


def test_who_is_believed_has_sentences_once_a_voice_is_heard(cutter: Cutter) -> None:
    cutter.believe()
    cuts = hear(cutter, (1.0, 0.0), (1.0, 0.9), (0.6, 0.0), (1.0, 0.9), (0.6, 0.0))

    assert len(began(cuts)) == 1
    assert len(ended(cuts)) == 2


def test_nothing_but_noise_is_believed_for_one_utterance_only(cutter: Cutter) -> None:
    cuts = cutter.believe() + hear(cutter, (60.0, 0.0))

    assert len(began(cuts)) == len(ended(cuts)) == 1


def test_being_believed_again_changes_nothing(cutter: Cutter) -> None:
    hear(cutter, (1.0, 0.9))

    assert cutter.believe() == []


def test_after_a_gap_positions_go_on_there(cutter: Cutter) -> None:
    hear(cutter, (1.0, 0.9))
    cuts = cutter.finish()
    cutter.skip_to(10 * SAMPLE_RATE)
    later = hear(cutter, (1.0, 0.9))

    assert len(ended(cuts)) == 1
    assert began(later)[0] == Began(10 * SAMPLE_RATE, 10 * SAMPLE_RATE)


def test_settled_is_before_what_may_still_become_an_utterance(cutter: Cutter) -> None:
    hear(cutter, (1.0, 0.0))
    assert cutter.position - cutter.settled < RUN_UP_SAMPLES + WINDOW_SAMPLES
    quiet = cutter.settled
    hear(cutter, (0.1, 0.9))
    assert quiet <= cutter.settled <= cutter.position - RUN_UP_SAMPLES + WINDOW_SAMPLES
    hear(cutter, (2.0, 0.9))
    assert cutter.settled < 1.0 * SAMPLE_RATE
    hear(cutter, (0.6, 0.0))
    assert cutter.settled > 2.9 * SAMPLE_RATE
