"""A phone comes to the node that holds its session in memory: what is kept there may be the newest, or not."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from accounts.models import User
from sessions_app.lifecycle import opening, residents
from sessions_app.lifecycle.opening import open_for_phone
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.lifecycle.services import Opened
from sessions_app.outbound.commands import DONE, AnyCommand, Reply
from sessions_app.states import SessionRef
from tests.support.runtime import USER, RecordingJournal, RecordingLink, make_runtime

STARTED = datetime(2026, 1, 2, tzinfo=UTC)


class DirectJournal(RecordingJournal):
    """Carries out at once what opens a session."""

    def write(self, work: Callable[..., object], *args: object, **kwargs: object) -> asyncio.Future[bool]:
        if not args and not kwargs:
            work()
        return super().write(work, *args, **kwargs)


@pytest.fixture
def resident(monkeypatch: pytest.MonkeyPatch) -> SessionRuntime:
    """Return a session of generation 1 that this node holds."""
    runtime, _, _ = make_runtime(monkeypatch)
    monkeypatch.setattr(runtime.upkeep, "journal", DirectJournal(lambda: None))
    monkeypatch.setattr(residents, "_by_id", {})
    monkeypatch.setattr(residents, "_by_user", {})
    monkeypatch.setattr(opening, "announce_owner", lambda *_: None)

    async def nothing_kept(*_: object) -> None:
        return

    monkeypatch.setattr(opening, "take_over_apps", nothing_kept)
    residents.admit(runtime)
    return runtime


async def _answer(_: SessionRuntime, __: AnyCommand) -> Reply:
    return DONE


async def _come_back(
    monkeypatch: pytest.MonkeyPatch, resident: SessionRuntime, generation: int
) -> tuple[SessionRuntime, RecordingLink]:
    """Have the phone come back to the node, where the row now gets this generation."""
    ref = SessionRef(resident.ref.session_id, USER, resident.ref.user_pk, generation)
    opened = Opened(ref, STARTED, resumed=True, previous_owner="")
    monkeypatch.setattr(opening, "_open", lambda *_: (opened, []))
    phone = RecordingLink()
    return await open_for_phone(User(pk=resident.ref.user_pk, email=USER), phone, _answer), phone


async def test_what_the_last_owner_keeps_goes_on(
    resident: SessionRuntime, monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime, phone = await _come_back(monkeypatch, resident, 2)
    assert runtime is resident
    assert runtime.ref.generation == 2
    assert phone.of_type("connection_ack")


async def test_what_was_kept_while_another_node_owned_the_session_is_forgotten(
    resident: SessionRuntime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Word of the other owner may be lost with Redis; what that one wrote must not be."""
    former_phone = resident.phone.link
    runtime, phone = await _come_back(monkeypatch, resident, 3)
    assert runtime is not resident
    assert runtime.ref.generation == 3
    assert residents.find(runtime.ref.session_id) is runtime
    assert residents.find_of_user(runtime.ref.user_pk) is runtime
    assert former_phone is not None
    assert not former_phone.is_open
    assert phone.of_type("connection_ack")


async def test_a_session_that_was_left_while_it_was_opened_is_not_gone_on_with(
    resident: SessionRuntime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A journal that finds another owner gives up what waits in it, the opening too."""

    async def opened_anew(work: Callable[..., object], *args: object) -> object:
        residents.release(resident)
        return work(*args)

    monkeypatch.setattr(resident.upkeep, "journal", RecordingJournal(lambda: None))
    monkeypatch.setattr(opening, "in_database", opened_anew)
    runtime, _ = await _come_back(monkeypatch, resident, 3)
    assert runtime is not resident
    assert residents.find(runtime.ref.session_id) is runtime
