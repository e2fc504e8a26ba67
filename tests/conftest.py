"""Fixtures that every test may ask for."""

import pytest
from django.core.cache import cache
from hypothesis import settings

pytest_plugins = ["tests.support.cloud_fixtures"]

# How long an example takes says more about the machine's other work than about our code.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@pytest.fixture(autouse=True)
def nobody_counted() -> None:
    """Let no test run into limits that others used up."""
    cache.clear()
