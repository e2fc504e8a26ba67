"""The SDK's own message classes against the cloud's: what one writes the other reads."""

import msgspec
import pytest

from mentra_sdk import layouts, wire
from mentra_sdk.errors import MalformedMessage
from mentra_sdk.webhooks import SessionRequest, StopRequest, decode_settings, decode_webhook
from sessions_app.protocol import app_to_cloud
from sessions_app.protocol import layouts as cloud_layouts
from sessions_app.protocol.base import AppMessage
from sessions_app.protocol.codec import decode_from_app
from tests.support.samples import Sample, list_samples

WRITTEN: list[tuple[wire.ToCloud | wire.Ping, type[AppMessage]]] = [
    (wire.ConnectionInit(package_name="a.b", api_key="k", sdk_version="1"), app_to_cloud.TpaConnectionInit),
    (wire.Reconnect(session_id="s", sdk_version="1"), app_to_cloud.Reconnect),
    (wire.SubscriptionUpdate(subscriptions=["button_press"]), app_to_cloud.SubscriptionUpdate),
    (wire.OwnershipRelease(reason="switching_clouds"), app_to_cloud.OwnershipRelease),
    (
        wire.DashboardContentUpdate(content="3 due", modes=["main"]),
        app_to_cloud.DashboardContentUpdate,
    ),
    (wire.Ping(), app_to_cloud.Ping),
]
LAYOUTS: list[tuple[layouts.Layout, cloud_layouts.Layout]] = [
    (layouts.TextWall("a"), cloud_layouts.TextWall("a")),
    (layouts.DoubleTextWall("a", "b"), cloud_layouts.DoubleTextWall("a", "b")),
    (layouts.ReferenceCard("a", "b"), cloud_layouts.ReferenceCard("a", "b")),
    (layouts.DashboardCard("a", "b"), cloud_layouts.DashboardCard("a", "b")),
    (layouts.BitmapView("a", 1, 2), cloud_layouts.BitmapView("a", 1, 2)),
    (layouts.ClearView(), cloud_layouts.ClearView()),
]
UNDERSTOOD = frozenset(str(kind.__struct_config__.tag) for kind in wire.Incoming.__args__)


def name_of(sample: Sample) -> str:
    return sample.name


@pytest.mark.parametrize(("message", "kind"), WRITTEN)
def test_the_cloud_reads_what_the_sdk_writes(
    message: wire.ToCloud | wire.Ping, kind: type[AppMessage]
) -> None:
    read = decode_from_app(wire.encode(message))
    assert type(read) is kind
    written = {name: value for name, value in msgspec.structs.asdict(message).items() if value}
    assert {name: getattr(read, name) for name in written} == written


@pytest.mark.parametrize(("layout", "same"), LAYOUTS)
def test_the_cloud_reads_every_layout(layout: layouts.Layout, same: cloud_layouts.Layout) -> None:
    read = decode_from_app(wire.encode(wire.DisplayEvent(view="main", layout=layout, duration_ms=5000)))
    assert isinstance(read, app_to_cloud.DisplayEvent)
    assert (read.layout, read.view, read.duration_ms) == (same, "main", 5000)


@pytest.mark.parametrize("sample", list_samples("cloud_to_app"), ids=name_of)
def test_the_sdk_reads_what_the_cloud_writes(sample: Sample) -> None:
    message = wire.decode(sample.text)
    assert (message is not None) == (sample.type in UNDERSTOOD)


def test_every_message_the_sdk_understands_has_a_sample() -> None:
    assert {sample.type for sample in list_samples("cloud_to_app")} >= UNDERSTOOD


def test_the_sdk_reads_the_webhooks_of_the_cloud() -> None:
    texts = {sample.name: sample.text.encode() for sample in list_samples("webhooks")}
    start, stop = decode_webhook(texts["session_request"]), decode_webhook(texts["stop_request"])
    assert isinstance(start, SessionRequest)
    assert start.url is not None
    assert start.url.endswith("/app-ws")
    assert isinstance(stop, StopRequest)
    assert stop.session_id == start.session_id
    settings = [decode_settings(text) for text in texts.values() if b"userIdForSettings" in text]
    assert [post.settings for post in settings] == [[{"key": "lines", "value": 5}]]


@pytest.mark.parametrize("text", ["", "3", "[]", "{}", '{"type":5}', '{"type":"app_stopped","reason":1}'])
def test_what_is_no_message_is_refused(text: str) -> None:
    with pytest.raises(MalformedMessage):
        wire.decode(text)
