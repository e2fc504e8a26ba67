"""The address of a speaker stream: who may have the sound, and what its absence is called."""

from collections.abc import AsyncGenerator
from typing import Any

import pytest
from django.test import AsyncClient, Client

from sessions_app.errors import OwnerUnreachable
from sessions_app.media import sound_reader
from sessions_app.media.speaker_links import PATH, new_token
from sessions_app.outbound.commands import (
    DONE,
    MOVED,
    STREAM_OVER,
    STREAM_TAKEN,
    AnyCommand,
    LetGoOfSound,
    ReadSound,
    Reply,
    Sound,
)

SESSION = "6f1c2f0e-3c62-4a3e-9f52-1b1f3d2a4c5b"
URL = f"{PATH}{new_token(SESSION)}"


class Owner:
    """The owner of the session: answers as `replies` say, one each; keeps what it was asked."""

    def __init__(self, *replies: Reply | Exception) -> None:
        self.replies = list(replies)
        self.asked: list[AnyCommand] = []
        self.nodes: list[str] = []

    async def ask(self, session_id: str, command: AnyCommand, seconds: float, *, node_id: str) -> Reply:
        assert session_id == SESSION
        self.asked.append(command)
        self.nodes.append(node_id)
        if isinstance(command, LetGoOfSound):
            return DONE
        reply = self.replies.pop(0)
        if isinstance(reply, Exception):
            raise reply
        return reply

    async def find_node_of(self, session_id: str) -> str:
        return f"node-{len(self.asked)}"


def play(monkeypatch: pytest.MonkeyPatch, *replies: Reply | Exception) -> Owner:
    owner = Owner(*replies)
    monkeypatch.setattr(sound_reader, "ask", owner.ask)
    monkeypatch.setattr(sound_reader, "find_node_of", owner.find_node_of)
    monkeypatch.setattr(sound_reader, "FIRST_PATIENCE_SECONDS", 0.05)
    monkeypatch.setattr(sound_reader, "PATIENCE_SECONDS", 0.05)
    monkeypatch.setattr(sound_reader, "PAUSE_SECONDS", 0.01)
    return owner


def piece(position: int, data: bytes = b"", *, is_over: bool = False) -> Reply:
    return Reply(ok=True, sound=Sound(position, data, is_over))


async def hear(response: Any) -> bytes:
    body: AsyncGenerator[bytes, None] = response.streaming_content
    return b"".join([each async for each in body])


async def test_the_sound_is_poured_until_it_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    owner = play(monkeypatch, piece(0), piece(3, b"one"), piece(3), piece(6, b"two"), piece(6, is_over=True))
    response = await AsyncClient().get(URL)
    assert (response.status_code, response["Content-Type"]) == (200, "audio/mpeg")
    assert (response["Cache-Control"], response["X-Accel-Buffering"]) == ("no-store", "no")
    assert not response.has_header("Content-Length")
    assert await hear(response) == b"onetwo"
    reads = [each for each in owner.asked if isinstance(each, ReadSound)]
    assert [(each.after, each.most > 0) for each in reads] == [
        (0, False),
        (0, True),
        (3, True),
        (3, True),
        (6, True),
    ]
    assert len({each.reader for each in reads}) == 1


async def test_a_session_that_moves_is_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    owner = play(
        monkeypatch,
        piece(0),
        MOVED,
        OwnerUnreachable("away"),
        piece(3, b"one"),
        piece(3, is_over=True),
    )
    assert await hear(await AsyncClient().get(URL)) == b"one"
    assert owner.nodes[:5] == ["node-0", "node-0", "node-2", "node-3", "node-3"]


@pytest.mark.parametrize("end", [STREAM_OVER, MOVED, OwnerUnreachable("away")])
async def test_sound_that_cannot_go_on_ends(monkeypatch: pytest.MonkeyPatch, end: Reply | Exception) -> None:
    play(monkeypatch, piece(0), piece(3, b"one"), *[end] * 20)
    assert await hear(await AsyncClient().get(URL)) == b"one"


@pytest.mark.parametrize(
    ("reply", "status"),
    [(STREAM_OVER, 404), (STREAM_TAKEN, 409), (MOVED, 503), (OwnerUnreachable("away"), 503)],
)
def test_what_is_not_there_is_named(
    monkeypatch: pytest.MonkeyPatch, reply: Reply | Exception, status: int
) -> None:
    play(monkeypatch, *[reply] * 20)
    response = Client().get(URL)
    assert response.status_code == status
    assert response.json()["success"] is False


def test_an_address_of_nobody_asks_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    owner = play(monkeypatch)
    assert Client().get(f"{PATH}nonsense").status_code == 404
    assert Client().head(URL).status_code == 405
    assert not owner.asked
