"""The page of codes has every code, and says when a socket closes."""

from reference_pages.codes import codes_page, streams_page
from sessions_app.protocol.codes import CloseCode, CloseReason, ErrorCode
from sessions_app.protocol.streams import StreamName


def test_every_code_is_there() -> None:
    page = codes_page()
    wanted = [*ErrorCode, *CloseReason, *(str(int(code)) for code in CloseCode)]
    assert [code for code in wanted if f"`{code}`" not in page] == []
    assert "| `SESSION_ERROR` | The session did not open; reconnect | yes | `1011` |" in page


def test_streams_are_told_with_their_permission() -> None:
    page = streams_page()
    assert [name for name in StreamName if f"| `{name}` |" not in page] == []
    assert "| `transcription` | `MICROPHONE` |" in page
    assert "| `button_press` |  |" in page
