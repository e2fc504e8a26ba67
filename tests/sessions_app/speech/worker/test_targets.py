"""Which wished languages are the recogniser's own business."""

import pytest

from sessions_app.speech.engines.scripted import ScriptedEngine
from sessions_app.speech.translation.routes import Translations
from sessions_app.speech.wire import RecognizerWish
from sessions_app.speech.worker.targets import Targets


@pytest.mark.parametrize(
    ("targets", "by_text", "transcribes"),
    [(("en-US",), (), False), (("en-US", "fr-CA"), ("fr-CA",), True)],
)
def test_an_engine_is_asked_for_words_that_somebody_needs(
    targets: tuple[str, ...], by_text: tuple[str, ...], transcribes: bool
) -> None:
    """Nobody listens to the words themselves here; but what is made from text needs them."""
    wish = RecognizerWish("fr-FR", transcribes=False, targets=targets)
    found = Targets(wish, Translations([], ["whisper"]))
    found.choose(ScriptedEngine())
    assert (found.by_recognizer, found.by_text) == (("en-US",), by_text)
    assert found.engine_wish == RecognizerWish("fr-FR", transcribes=transcribes, targets=("en-US",))
