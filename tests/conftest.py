"""Fixtures that every test may ask for."""

from hypothesis import settings

pytest_plugins = ["tests.support.cloud_fixtures"]

# How long an example takes says more about the machine's other work than about our code.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
