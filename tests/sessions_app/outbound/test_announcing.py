"""Telling the owners of many sessions from a process that owns none."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from asgiref.sync import sync_to_async

from sessions_app.outbound import announcing
from sessions_app.outbound.commands import DONE, AnyCommand, KeyRevoked, Reply
from sessions_app.outbound.node import Inbox
from tests.support.personas import CAPTIONS

COMMAND = KeyRevoked(CAPTIONS, 7)


@pytest.fixture
async def heard() -> AsyncIterator[list[tuple[str, AnyCommand]]]:
    """What two nodes were told; node-2 says that it does not own the session, node-3 does not exist."""
    told: list[tuple[str, AnyCommand]] = []

    async def owner(session_id: str, command: AnyCommand) -> Reply:
        told.append((session_id, command))
        return DONE

    async def stranger(session_id: str, command: AnyCommand) -> Reply:
        return Reply(ok=False, code="NO_ACTIVE_SESSION")

    inboxes = [Inbox(owner), Inbox(stranger)]
    for number, inbox in enumerate(inboxes, 1):
        await inbox.open(f"node-{number}")
    yield told
    await asyncio.gather(*(inbox.close() for inbox in inboxes))


async def tell(owners: dict[str, str]) -> int:
    return await sync_to_async(announcing.tell_from_outside)(owners, COMMAND)


async def test_every_owner_is_told(heard: list[tuple[str, AnyCommand]]) -> None:
    owners = {f"session-{number}": "node-1" for number in range(120)}
    assert await tell(owners) == 120
    assert sorted(session_id for session_id, _ in heard) == sorted(owners)
    assert {command for _, command in heard} == {COMMAND}


async def test_owners_that_are_gone_or_refuse_do_not_stop_the_others(
    heard: list[tuple[str, AnyCommand]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(announcing, "ASK_TIMEOUT_SECONDS", 1.0)
    assert await tell({"a": "node-3", "b": "node-2", "c": "node-1"}) == 1
    assert [session_id for session_id, _ in heard] == ["c"]
