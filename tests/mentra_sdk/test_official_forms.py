"""Every message of ours to the cloud against those of @mentra/sdk 3.0.0-alpha.4: the same types, the same fields.

So an app runs unchanged at any cloud that takes the official SDK. What differs is listed here, and is known to clouds.
"""

from collections.abc import Iterator

import msgspec
import pytest

from mentra_sdk import wire, wire_media

COMMON = frozenset({"packageName", "sessionId", "timestamp"})
# What SDK 3 always says, and what it says sometimes, besides the three common fields.
OFFICIAL: dict[str, tuple[set[str], set[str]]] = {
    "tpa_connection_init": ({"apiKey", "sdkVersion"}, set()),
    "reconnect": ({"sdkVersion"}, set()),
    "subscription_update": ({"subscriptions"}, set()),
    "ownership_release": ({"reason"}, set()),
    "display_event": ({"view", "layout"}, {"durationMs"}),
    "dashboard_content_update": ({"content", "modes"}, set()),
    "transcription_config": ({"diarization"}, {"languageHints", "vocabulary"}),
    "location_poll_request": ({"correlationId", "accuracy"}, set()),
    "photo_request": ({"requestId", "saveToGallery", "size", "compress"}, {"sound"}),
    "stream_request": ({"streamUrl"}, {"video", "audio", "stream", "sound"}),
    "stream_stop": (set(), {"streamId"}),
    "managed_stream_request": (
        {"enableWebRTC"},
        {"quality", "video", "audio", "stream", "restreamDestinations", "sound"},
    ),
    "managed_stream_stop": (set(), set()),
    "stream_status_check": ({"requestId"}, set()),
    "audio_play_request": ({"requestId", "audioUrl", "volume", "stopOtherAudio", "trackId"}, set()),
    "audio_stop_request": (set(), {"trackId"}),
    "audio_stream_start": ({"streamId", "contentType"}, set()),
    "audio_stream_end": ({"streamId"}, set()),
    "rgb_led_control": ({"requestId", "action"}, {"color", "ontime", "offtime", "count"}),
    "request_wifi_setup": (set(), {"reason"}),
}
# SDK 2 says these; all clouds read them (app-socket §7.1).
OLDER: dict[str, set[str]] = {"display_event": {"forceDisplay"}}


def list_kinds(kind: type[wire.ToCloud]) -> Iterator[type[wire.ToCloud]]:
    for below in kind.__subclasses__():
        yield below
        yield from list_kinds(below)


def tag_of(kind: type[wire.ToCloud]) -> str:
    return str(kind.__struct_config__.tag)


KINDS = sorted(
    (kind for kind in list_kinds(wire.ToCloud) if kind.__module__ in (wire.__name__, wire_media.__name__)),
    key=tag_of,
)


def test_there_is_a_message_for_each_of_the_official_ones_and_no_other() -> None:
    assert [tag_of(kind) for kind in KINDS] == sorted(OFFICIAL)
    assert wire.Ping.__struct_config__.tag == "ping"


@pytest.mark.parametrize("kind", KINDS, ids=tag_of)
def test_a_message_says_what_the_official_one_says(kind: type[wire.ToCloud]) -> None:
    always, sometimes = OFFICIAL[tag_of(kind)]
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    assert {name for name, field in fields.items() if field.required} == always
    assert set(fields) - always - COMMON == sometimes | OLDER.get(tag_of(kind), set())
