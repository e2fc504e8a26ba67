"""The test that the tutorial shows passes on the app that it shows."""

from importlib import import_module

import pytest

from mentra_sdk.testing import MemoryCloud
from tests.support.documents import PROGRAMS

SHOWN = "test_first_app.py"


async def test_the_shown_test_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_KEY", "any")
    monkeypatch.syspath_prepend(PROGRAMS)
    shown = import_module(SHOWN.removesuffix(".py"))
    async with MemoryCloud() as cloud:
        await shown.test_a_visit(cloud)
