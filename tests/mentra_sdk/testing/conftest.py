"""The kit's own fixture, and an app to try it on."""

import pytest

from mentra_sdk import MiniAppServer
from mentra_sdk.testing.plugin import cloud
from tests.mentra_sdk.fake_cloud import API_KEY, PACKAGE, QUICK

__all__ = ["cloud"]


@pytest.fixture
def app() -> MiniAppServer:
    return MiniAppServer(package_name=PACKAGE, api_key=API_KEY, timing=QUICK)
