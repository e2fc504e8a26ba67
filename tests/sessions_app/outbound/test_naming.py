"""Two nodes never go by one name, and one that crashed gets its own back at once."""

import uuid

import pytest

from sessions_app.errors import NodeIdTaken, OwnerUnreachable
from sessions_app.outbound import naming
from sessions_app.outbound.commands import AnyCommand, Reply
from sessions_app.outbound.naming import require_free_name
from sessions_app.outbound.node import Inbox


async def stranger(_session_id: str, _command: AnyCommand) -> Reply:
    return Reply(ok=False, code="NO_ACTIVE_SESSION")


@pytest.fixture
def name() -> str:
    return f"node-{uuid.uuid4().hex}"


async def test_a_name_is_taken_while_its_holder_lives(name: str) -> None:
    holder = Inbox(stranger)
    await holder.open(name)
    try:
        with pytest.raises(NodeIdTaken, match=f"{name} is running already; give each node a NODE_ID"):
            await require_free_name(name)
    finally:
        await holder.close()


async def test_a_name_nobody_listens_under_is_free_without_a_question(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def is_listened_to(_: str) -> bool:
        return False

    monkeypatch.setattr(naming, "is_listened_to", is_listened_to)
    monkeypatch.setattr(naming, "Inbox", None)
    await require_free_name(name)


async def test_a_holder_that_is_lost_with_its_machine_does_not_answer(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(naming, "ANSWER_SECONDS", 0.05)
    lost = Inbox()
    await lost.open(name)
    try:
        await require_free_name(name)
    finally:
        await lost.close()


async def test_without_redis_nobody_can_tell(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class AwayInbox(Inbox):
        async def open(self, node_id: str | None = None) -> None:
            raise OwnerUnreachable("Redis is away")

    monkeypatch.setattr(naming, "Inbox", AwayInbox)
    await require_free_name(name)
