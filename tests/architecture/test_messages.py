"""Every declared message has one handler and a golden sample, and every sample is handled without a complaint."""

import pytest

from sessions_app.handlers import dispatch  # noqa: F401 - registers the handlers
from sessions_app.handlers.registry import APP_HANDLERS, GLASSES_HANDLERS
from sessions_app.protocol.app_to_cloud import APP_MESSAGES
from sessions_app.protocol.base import message_type
from sessions_app.protocol.cloud_to_app import TO_APP_MESSAGES
from sessions_app.protocol.cloud_to_glasses import TO_GLASSES_MESSAGES
from sessions_app.protocol.glasses_to_cloud import GLASSES_MESSAGES
from tests.support.samples import list_samples

DIRECTIONS = {
    "glasses_to_cloud": GLASSES_MESSAGES,
    "app_to_cloud": APP_MESSAGES,
    "cloud_to_glasses": TO_GLASSES_MESSAGES,
    "cloud_to_app": TO_APP_MESSAGES,
}


def test_every_message_of_the_phone_has_a_handler() -> None:
    assert set(GLASSES_HANDLERS) == set(GLASSES_MESSAGES)


def test_every_message_of_an_app_has_a_handler() -> None:
    assert set(APP_HANDLERS) == set(APP_MESSAGES)


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_every_message_has_a_golden_sample(direction: str) -> None:
    sampled = {sample.type for sample in list_samples(direction)}
    assert {message_type(message) for message in DIRECTIONS[direction]} == sampled
