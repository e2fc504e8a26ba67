"""Where the user is, as an app's author learns it."""

import asyncio
from typing import get_args

import pytest

from mentra_sdk import codec
from mentra_sdk.capabilities.location import Accuracy
from mentra_sdk.errors import RequestFailed
from mentra_sdk.events import LocationUpdate
from mentra_sdk.wire import LocationPollRequest, LocationRate, SubscriptionUpdate
from sessions_app.protocol.app_to_cloud import LocationPollRequest as CloudsPollRequest
from sessions_app.protocol.app_to_cloud import SubscriptionUpdate as CloudsUpdate
from sessions_app.protocol.codec import decode_from_app
from sessions_app.protocol.streams import LocationTier, parse_stream
from tests.mentra_sdk.fake_cloud import FakeCloud
from tests.mentra_sdk.stage import Stage


async def ask(stage: Stage) -> tuple[asyncio.Task[LocationUpdate], str]:
    """Ask for a position; return who waits for it and the id of the request."""
    asking = asyncio.create_task(stage.session.location.request_update())
    request = await stage.socket.next_of("location_poll_request")
    return asking, request["correlationId"]


async def failure_of(asking: asyncio.Task[LocationUpdate]) -> str:
    with pytest.raises(RequestFailed) as caught:
        await asking
    return caught.value.code


async def test_an_answer_finds_its_request_and_is_remembered(stage: Stage) -> None:
    location = stage.session.location
    first, first_id = await ask(stage)
    second, second_id = await ask(stage)
    assert first_id != second_id
    await stage.socket.send_event("location_update", {"lat": 1, "lng": 2, "correlationId": second_id})
    await stage.socket.send_event("location_update", {"lat": 3, "lng": 4, "correlationId": first_id})
    assert ((await first).lat, (await second).lat) == (3, 1)
    assert location.last == await first
    assert stage.session.is_connected


async def test_a_request_names_the_accuracy_that_was_chosen(stage: Stage) -> None:
    asking, _ = await ask(stage)
    assert stage.socket.received[-1]["accuracy"] == "standard"
    stage.session.location.configure(accuracy="high")
    precise, _ = await ask(stage)
    assert stage.socket.received[-1]["accuracy"] == "high"
    stage.session.location.stop()
    assert [await failure_of(asking), await failure_of(precise)] == ["STOPPED", "STOPPED"]


async def test_updates_are_subscribed_with_the_accuracy_that_was_chosen(stage: Stage) -> None:
    location = stage.session.location
    location.on_update(stage.seen.append)
    stage.session.device.on_button_press(stage.seen.append)
    assert await stage.subscriptions() == ["location_stream", "button_press"]
    location.configure(accuracy="realtime")
    assert await stage.subscriptions() == [{"stream": "location_stream", "rate": "realtime"}, "button_press"]
    await stage.socket.send_event("location_stream", {"lat": 52.5, "lng": 13, "accuracy": 9})
    await stage.settle()
    assert [(event.lat, event.accuracy) for event in stage.seen] == [(52.5, 9)]
    assert location.last == stage.seen[0]
    location.stop()
    assert await stage.subscriptions() == ["button_press"]


async def test_what_the_cloud_refuses_fails_at_once(stage: Stage) -> None:
    asking, poll = await ask(stage)
    await stage.socket.send("tpa_connection_error", code="PHONE_DISCONNECTED", message="", requestId=poll)
    assert await failure_of(asking) == "PHONE_DISCONNECTED"
    asking, _ = await ask(stage)
    await stage.socket.send("permission_error", message="no", details=[], deniedPermissions=["MICROPHONE"])
    await stage.socket.send("permission_error", message="no", details=[], deniedPermissions=["LOCATION"])
    assert await failure_of(asking) == "PERMISSION_DENIED"


async def test_an_answer_may_come_after_the_connection_was_lost(stage: Stage, cloud: FakeCloud) -> None:
    asking, poll = await ask(stage)
    stage.socket.drop()
    again = await cloud.next_socket()
    await again.accept("reconnect_ack")
    await again.send_event("location_update", {"lat": 5, "lng": 6, "correlationId": poll})
    assert (await asking).lat == 5


def test_the_cloud_reads_what_is_asked() -> None:
    poll = decode_from_app(codec.encode(LocationPollRequest(correlation_id="poll_1", accuracy="high")))
    assert isinstance(poll, CloudsPollRequest)
    assert (poll.correlation_id, poll.accuracy) == ("poll_1", "high")


def test_every_accuracy_is_a_tier_of_the_cloud() -> None:
    assert set(get_args(Accuracy)) == {tier.value for tier in LocationTier}
    for accuracy in get_args(Accuracy):
        update = SubscriptionUpdate(subscriptions=[LocationRate("location_stream", accuracy)])
        read = decode_from_app(codec.encode(update))
        assert isinstance(read, CloudsUpdate)
        assert parse_stream(read.subscriptions[0]).rate == accuracy
