"""The SDK's own message classes against the cloud's: what one writes the other reads."""

import msgspec
import pytest

from mentra_sdk import codec, layouts, live_video, wire, wire_media
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
    (
        wire_media.PhotoRequest(request_id="r", save_to_gallery=True, size="full", compress="heavy"),
        app_to_cloud.PhotoRequest,
    ),
    (wire_media.StreamStop(stream_id="s"), app_to_cloud.StreamStop),
    (wire_media.ManagedStreamStop(), app_to_cloud.ManagedStreamStop),
    (wire_media.StreamStatusCheck(request_id="r"), app_to_cloud.StreamStatusCheck),
    (
        wire_media.AudioPlayRequest(
            request_id="r", audio_url="/api/tts?text=Hi", volume=0.5, stop_other_audio=True, track_id=2
        ),
        app_to_cloud.AudioPlayRequest,
    ),
    (wire_media.AudioStopRequest(track_id=2), app_to_cloud.AudioStopRequest),
    (wire_media.AudioStreamStart(stream_id="s", content_type="audio/mpeg"), app_to_cloud.AudioStreamStart),
    (wire_media.AudioStreamEnd(stream_id="s"), app_to_cloud.AudioStreamEnd),
    (
        wire_media.LedControl(request_id="r", action="on", color="red", ontime=5, offtime=6, count=7),
        app_to_cloud.RgbLedControl,
    ),
    (wire_media.WifiSetupRequest(reason="r"), app_to_cloud.RequestWifiSetup),
]
LAYOUTS: list[tuple[layouts.Layout, cloud_layouts.Layout]] = [
    (layouts.TextWall("a"), cloud_layouts.TextWall("a")),
    (layouts.DoubleTextWall("a", "b"), cloud_layouts.DoubleTextWall("a", "b")),
    (layouts.ReferenceCard("a", "b"), cloud_layouts.ReferenceCard("a", "b")),
    (layouts.DashboardCard("a", "b"), cloud_layouts.DashboardCard("a", "b")),
    (layouts.BitmapView("a", 1, 2), cloud_layouts.BitmapView("a", 1, 2)),
    (layouts.ClearView(), cloud_layouts.ClearView()),
]
UNDERSTOOD = frozenset(str(kind.__struct_config__.tag) for kind in codec.Incoming.__args__)


def name_of(sample: Sample) -> str:
    return sample.name


@pytest.mark.parametrize(("message", "kind"), WRITTEN)
def test_the_cloud_reads_what_the_sdk_writes(
    message: wire.ToCloud | wire.Ping, kind: type[AppMessage]
) -> None:
    read = decode_from_app(codec.encode(message))
    assert type(read) is kind
    usual = {"sound": True}
    written = {
        name: value
        for name, value in msgspec.structs.asdict(message).items()
        if value and usual.get(name) != value
    }
    assert {name: getattr(read, name) for name in written} == written


def test_the_cloud_reads_wishes_for_live_video() -> None:
    video = live_video.VideoOptions(width=1280, height=720, bitrate=2_000_000, frame_rate=30)
    audio = live_video.AudioOptions(
        bitrate=128_000, sample_rate=48_000, echo_cancellation=True, noise_suppression=False
    )
    direct = wire_media.StreamRequest(
        stream_url="srt://a", video=video, audio=audio, stream={"durationLimit": 60}, sound=False
    )
    managed = wire_media.ManagedStreamRequest(
        enable_webrtc=False,
        quality="720p",
        video=video,
        audio=audio,
        stream={"durationLimit": 60},
        restream_destinations=[{"url": "rtmp://b"}],
        sound=False,
    )
    for message in (direct, managed):
        read = decode_from_app(codec.encode(message))
        assert isinstance(read, app_to_cloud.StreamRequest | app_to_cloud.ManagedStreamRequest)
        for mine, theirs in ((video, read.video), (audio, read.audio)):
            assert theirs is not None
            assert msgspec.structs.asdict(mine) == msgspec.structs.asdict(theirs)
        assert read.stream is not None
        assert (read.stream.duration_limit, read.sound) == (60, False)
    assert isinstance(read, app_to_cloud.ManagedStreamRequest)
    assert (read.enable_webrtc, read.quality) == (False, "720p")
    assert [each.url for each in read.restream_destinations or ()] == ["rtmp://b"]


@pytest.mark.parametrize(("layout", "same"), LAYOUTS)
def test_the_cloud_reads_every_layout(layout: layouts.Layout, same: cloud_layouts.Layout) -> None:
    read = decode_from_app(codec.encode(wire.DisplayEvent(view="main", layout=layout, duration_ms=5000)))
    assert isinstance(read, app_to_cloud.DisplayEvent)
    assert (read.layout, read.view, read.duration_ms) == (same, "main", 5000)


@pytest.mark.parametrize("sample", list_samples("cloud_to_app"), ids=name_of)
def test_the_sdk_reads_what_the_cloud_writes(sample: Sample) -> None:
    message = codec.decode(sample.text)
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
        codec.decode(text)
