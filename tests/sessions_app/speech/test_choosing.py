"""Which engine takes a language."""

import pytest

from sessions_app.speech.choosing import Choice


@pytest.mark.parametrize(
    ("setting", "names"),
    [
        ("en-US", ("whisper", "deepgram")),
        ("ko-KR", ("soniox", "whisper", "deepgram")),
        ("de-DE", ("whisper", "deepgram")),
        ("de-AT", ("moonshine", "whisper", "deepgram")),
        ("auto", ("whisper", "deepgram")),
    ],
)
def test_the_most_exact_choice_comes_first(setting: str, names: tuple[str, ...]) -> None:
    chosen = Choice.read("whisper, ko=soniox,deepgram,de-AT=moonshine")

    assert chosen.for_setting(setting) == names


def test_every_engine_is_named_once() -> None:
    assert Choice.read("whisper,ko=soniox,ja=soniox").names == ("whisper", "soniox")
