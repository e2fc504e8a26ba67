"""Fixtures that every test may ask for."""

import os

import pytest
from django.core.cache import cache
from hypothesis import settings

pytest_plugins = ["tests.support.cloud_fixtures"]

STORIES = ("scenario", "sdk", "browser")

# How long an example takes says more about the machine's other work than about our code.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


MOST_PROCESSES = 4


def pytest_xdist_auto_num_workers() -> int:
    """Use one process more than there are processors: most stories wait for others."""
    return min(MOST_PROCESSES, (os.cpu_count() or 1) + 1)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Play stories first: a long one that begins last keeps every process but one waiting."""
    items.sort(key=lambda item: not any(item.get_closest_marker(kind) for kind in STORIES))


@pytest.fixture(autouse=True)
def nobody_counted() -> None:
    """Let no test run into limits that others used up."""
    cache.clear()
