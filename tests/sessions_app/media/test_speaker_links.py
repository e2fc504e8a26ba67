"""Addresses of streams lead to a session and to nothing else."""

import pytest

from sessions_app.media.speaker_links import new_token, session_of, stream_url

SESSION = "6f1c2f0e-3c62-4a3e-9f52-1b1f3d2a4c5b"


def test_any_node_finds_the_session_of_a_token() -> None:
    tokens = {new_token(SESSION) for _ in range(20)}
    assert len(tokens) == 20
    assert {session_of(token) for token in tokens} == {SESSION}
    token = tokens.pop()
    assert stream_url(token) == f"http://127.0.0.1:8000/api/audio/stream/{token}"
    assert SESSION not in token


@pytest.mark.parametrize(
    "token", ["", "x", "ü" * 54, "=" * 54, "a" * 53, "a" * 56, "00000000-0000-4000-8000-000000000000", "../x"]
)
def test_what_is_no_token_leads_nowhere(token: str) -> None:
    assert session_of(token) == ""
