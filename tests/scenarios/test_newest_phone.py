"""Several phones of one user, and one phone that comes and goes (lifecycle §1.3–1.4, P-6, P-23)."""

import asyncio
import itertools

from tests.support.stage import Stage
from tests.support.wire import Closed, RawPhone


async def test_the_newest_phone_wins_and_the_older_is_closed(stage: Stage) -> None:
    ada = await stage.person()
    first = await stage.phone(ada)

    second = await stage.phone(ada)

    assert await first.closed() == Closed(1000, "Replaced by new connection")
    await second.barrier()
    row = await stage.until_session(ada, "active", lambda row: row["state"] == "ACTIVE")
    assert row["reconnects"] == 1


async def test_the_late_close_of_the_old_phone_changes_nothing(stage: Stage) -> None:
    ada = await stage.person()
    app = await stage.raw_app(ada)
    first = await stage.phone(ada)
    socket = await stage.start_a(first, ada, app)
    await socket.subscribe("button_press")
    second = await stage.phone(ada)

    await first.closed()
    await second.barrier()
    await second.send("button_press", buttonId="main", pressType="short")

    await socket.take("data_stream", streamType="button_press")
    row = await stage.session(ada)
    assert row is not None
    assert row["state"] == "ACTIVE"
    assert row["disconnectedAt"] is None
    assert row["disposeAfter"] is None
    assert not app.server.webhooks.untaken(type="session_request")


async def test_what_the_old_phone_says_after_its_replacement_is_not_heard(stage: Stage) -> None:
    ada = await stage.person()
    app = await stage.raw_app(ada)
    first = await stage.phone(ada)
    socket = await stage.start_a(first, ada, app)
    await socket.subscribe("button_press")
    second = await stage.phone(ada)
    await first.closed()

    await second.send("button_press", buttonId="second", pressType="short")

    delivered = await socket.take("data_stream", streamType="button_press")
    assert delivered["data"]["buttonId"] == "second"


async def test_ten_reconnects_in_five_seconds_leave_one_healthy_session(stage: Stage) -> None:
    ada = await stage.person()
    app = await stage.raw_app(ada, permissions=["MICROPHONE"])
    phone = await stage.phone(ada)
    socket = await stage.start_a(phone, ada, app)
    await socket.subscribe("audio_chunk", "button_press")
    await phone.take("microphone_state_change", isMicrophoneEnabled=True)

    for number in range(10):
        if number % 2:
            await phone.abort()
        phone = await _at_once(stage, ada.token)
        await asyncio.sleep(0.3)

    state = await phone.take("microphone_state_change")
    assert state["isMicrophoneEnabled"] is True
    assert state["requiredData"] == ["pcm"]
    await phone.send("button_press", buttonId="main", pressType="short")
    await socket.take("data_stream", streamType="button_press")
    assert socket.is_open()
    rows = await asyncio.to_thread(stage.cloud.list_sessions, ada.email, with_disposed=True)
    assert [row["state"] for row in rows] == ["ACTIVE"]
    assert rows[0]["reconnects"] == 10
    assert not app.server.webhooks.untaken(type="session_request")
    assert not phone.inbox.seen(type="microphone_state_change", isMicrophoneEnabled=False)


async def test_ten_phones_at_the_same_moment_leave_one_session(stage: Stage) -> None:
    ada = await stage.person()

    phones = await asyncio.gather(*(stage.dial(ada.token) for _ in range(10)))

    await stage.until_session(ada, "active", lambda row: row["state"] == "ACTIVE")
    endings = [asyncio.create_task(phone.closed(8)) for phone in phones]
    for ending in itertools.islice(asyncio.as_completed(endings), len(phones) - 1):
        await ending
    rows = await asyncio.to_thread(stage.cloud.list_sessions, ada.email, with_disposed=True)
    assert len(rows) == 1
    survivor = next(phone for phone in phones if phone.is_open())
    await survivor.barrier()
    for ending in endings:
        ending.cancel()


async def _at_once(stage: Stage, token: str) -> RawPhone:
    phone = await stage.dial(token)
    await phone.take("connection_ack")
    return phone
