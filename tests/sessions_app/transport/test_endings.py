"""A socket's end is counted by cause and told with who ended it, how and when."""

import pytest

from sessions_app.outbound import metrics
from sessions_app.protocol.codes import CloseCode, CloseReason
from sessions_app.transport.endings import NETWORK, note_ending
from sessions_app.transport.links import LocalLink
from sessions_app.transport.receiving import Gone
from tests.sessions_app.transport.test_outbox import Peer


@pytest.mark.parametrize(
    ("closes", "code", "side"),
    [
        (True, 1013, "by the cloud with 1013 Connection too slow"),
        (False, 1000, "by the peer"),
        (False, 4000, "by the peer"),
        (False, 1006, "by nobody"),
    ],
)
def test_an_ending_is_counted_and_told(
    closes: bool, code: int, side: str, caplog: pytest.LogCaptureFixture
) -> None:
    link, cause = LocalLink(Peer()), Gone(code).cause
    link.opened_at, link.heard_at = 100.0, 160.0
    if closes:
        link.close(CloseCode.TRY_AGAIN_LATER, CloseReason.TOO_SLOW)
    before = metrics.socket_closes["app", cause]
    with caplog.at_level("INFO"):
        note_ending("app", "com.example.notes in 7", link, cause, now=175.5)
    assert metrics.socket_closes["app", cause] == before + 1
    [line] = [record.getMessage() for record in caplog.records]
    assert line.startswith(f"The app socket of com.example.notes in 7 ended: {cause}, ")
    assert line.endswith(f"{side}, after 75.5 s, 15.5 s after its last frame")


def test_a_connection_that_broke_was_ended_by_nobody() -> None:
    assert Gone(1006).cause == NETWORK
