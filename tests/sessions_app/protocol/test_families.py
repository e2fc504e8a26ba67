"""Which family may get which message, as one table."""

import pytest

from sessions_app.protocol.base import message_type
from sessions_app.protocol.cloud_to_app import TO_APP_MESSAGES
from sessions_app.protocol.families import Family, may_receive

FOR_ALL = "ABC"
RECEIVERS = {
    "reconnect_ack": "C",
    "reconnect_rejected": "C",
    "reconnect_deferred": "C",
    "rtmp_stream_status": "A",
    "stream_status": "BC",
    "audio_stream_ready": "BC",
    "permission_denied": "C",
    "request_telemetry": "BC",
    "pong": "BC",
}


@pytest.mark.parametrize("family", Family)
@pytest.mark.parametrize("message_class", TO_APP_MESSAGES, ids=message_type)
def test_a_family_gets_what_it_understands(family: Family, message_class: type) -> None:
    expected = family.value in RECEIVERS.get(message_type(message_class), FOR_ALL)
    assert may_receive(family, message_class) is expected
