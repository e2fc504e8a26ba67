"""Fixtures for the tests of mini apps. Pytest finds them where this package is installed.

They are async: use pytest-asyncio with `asyncio_mode = "auto"`, or anyio's plugin.
"""

from collections.abc import AsyncIterator, Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any, TypeVar

import pytest

from mentra_sdk.testing.cloud import MemoryCloud
from mentra_sdk.testing.fake_session import FakeSession

F = TypeVar("F", bound=Callable[..., Any])


def _async_fixture(function: F) -> F:
    """Declare a fixture; pytest-asyncio wants its own declaration, unless its mode is "auto"."""
    has_own = find_spec("pytest_asyncio") is not None
    declare: Any = import_module("pytest_asyncio").fixture if has_own else pytest.fixture
    declared: F = declare(function)
    return declared


@_async_fixture
async def cloud() -> AsyncIterator[MemoryCloud]:
    """A cloud in memory, new for each test; every app is stopped at its end."""
    async with MemoryCloud() as running:
        yield running


@_async_fixture
async def fake_session() -> FakeSession:
    """A session without a cloud, with everything permitted and no settings."""
    return FakeSession()
