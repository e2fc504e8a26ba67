"""Cloudflare Stream against the answers of its public documentation."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from pytest_django import Settings

from sessions_app.media_servers.choosing import media_server
from sessions_app.media_servers.cloudflare import CloudflareStream
from sessions_app.media_servers.server import MediaServerError, Output
from tests.support.hosted_web import KEY, Answer, HostedWeb

UID = "66be4bf738797e01e1fca35a7bdecdcd"
HERE = "https://cloud.example"
BASE = "/accounts/acct/stream"
INPUTS = f"{BASE}/live_inputs"
INPUT = f"{INPUTS}/{UID}"
OUTPUT = {
    "uid": "baea4d9c515887b80289d5c33cf01145",
    "url": "rtmp://a.rtmp.youtube.com/live2",
    "enabled": True,
}


def said(result: Any) -> Answer:
    return Answer({"result": result, "success": True, "errors": [], "messages": []})


def failed(status: int, code: int, message: str, **headers: str) -> Answer:
    body = {"result": None, "success": False, "errors": [{"code": code, "message": message}], "messages": []}
    return Answer(body, status, headers)


def live_input(web: HostedWeb, status: Any = None) -> dict[str, Any]:
    """Return a live input as the documentation shows it; what is played comes from this test's server."""
    return {
        "uid": UID,
        "rtmps": {
            "url": "rtmps://live.cloudflare.com:443/live/",
            "streamKey": "2fb3cb9f17e68a2568d6ebed8d5505ea",
        },
        "rtmpsPlayback": {"url": "rtmps://live.cloudflare.com:443/live/", "streamKey": "played"},
        "srt": {
            "url": "srt://live.cloudflare.com:778",
            "streamId": "f256e6ea9341d51eea64c9454659e576",
            "passphrase": "2fb3cb9f17e68a2568d6ebed8d5505eak3ceb61ab56",
        },
        "webRTC": {"url": f"{web.url}/b236bde30eb07b9d01318940e5fc3edake/webRTC/publish"},
        "webRTCPlayback": {"url": f"{web.url}/{UID}/webRTC/play"},
        "created": "2022-09-01T17:14:32.612317Z",
        "modified": "2022-09-01T17:14:32.612317Z",
        "meta": {"name": "ada@example.com", "deployment": HERE},
        "status": status,
        "recording": {"mode": "automatic", "requireSignedURLs": False, "allowedOrigins": None},
        "deleteRecordingAfterDays": 45,
    }


@pytest.fixture
async def web() -> AsyncIterator[HostedWeb]:
    async with HostedWeb() as running:
        yield running


@pytest.fixture
def stream(web: HostedWeb) -> CloudflareStream:
    return CloudflareStream("acct", KEY, web.url, HERE, aiohttp.ClientTimeout(total=1))


async def test_an_input_has_addresses_for_glasses_and_for_viewers(
    web: HostedWeb, stream: CloudflareStream
) -> None:
    web.will_answer(INPUTS, said(live_input(web)))

    made = await stream.provision("ada@example.com")

    assert made.input_id == UID
    assert made.rtmp_url == "rtmps://live.cloudflare.com:443/live/2fb3cb9f17e68a2568d6ebed8d5505ea"
    assert made.srt_url == (
        "srt://live.cloudflare.com:778?passphrase=2fb3cb9f17e68a2568d6ebed8d5505eak3ceb61ab56"
        "&streamid=f256e6ea9341d51eea64c9454659e576"
    )
    assert made.whip_url is not None
    assert made.whip_url.endswith("/webRTC/publish")
    assert made.webrtc_url == f"{web.url}/{UID}/webRTC/play"
    assert made.hls_url == f"{web.url}/{UID}/manifest/video.m3u8"
    assert made.dash_url == f"{web.url}/{UID}/manifest/video.mpd"
    (asked,) = web.asked
    assert asked.headers["Authorization"] == f"Bearer {KEY}"
    assert asked.body["recording"]["mode"] == "automatic"
    assert asked.body["meta"] == {"name": "ada@example.com", "deployment": HERE}


async def test_outputs_are_told_with_their_keys_apart(web: HostedWeb, stream: CloudflareStream) -> None:
    web.will_answer(INPUTS, said(live_input(web)))
    web.will_answer(f"{INPUT}/outputs", said(OUTPUT), said([OUTPUT]), said(OUTPUT))
    web.will_answer(f"{INPUT}/outputs/{OUTPUT['uid']}", Answer(status=204))

    await stream.provision("ada@example.com", [("rtmp://a.rtmp.youtube.com/live2/uzya-f19y", "Tube")])
    added = await stream.add_output(UID, "rtmps://b.example:443/app/k", "B")
    await stream.remove_output(UID, added.output_id)

    assert added == Output(str(OUTPUT["uid"]), "rtmps://b.example:443/app/k", "B")
    assert web.asked[1].body == {
        "url": "rtmp://a.rtmp.youtube.com/live2/",
        "streamKey": "uzya-f19y",
        "enabled": True,
    }
    assert web.asked[3].body["streamKey"] == "k"
    assert web.asked[4].method == "DELETE"


async def test_an_input_whose_outputs_fail_is_not_left_behind(
    web: HostedWeb, stream: CloudflareStream
) -> None:
    web.will_answer(INPUTS, said(live_input(web)))
    web.will_answer(f"{INPUT}/videos", said([]))
    web.will_answer(INPUT, Answer(status=204))

    with pytest.raises(MediaServerError) as refused:
        await stream.provision("ada@example.com", [("https://a.example/x", None)])

    assert refused.value.code == "REFUSED"
    assert [(one.method, one.path) for one in web.asked][-1] == ("DELETE", INPUT)


async def test_no_more_outputs_than_ten(web: HostedWeb, stream: CloudflareStream) -> None:
    web.will_answer(f"{INPUT}/outputs", said([OUTPUT] * 10))

    with pytest.raises(MediaServerError) as refused:
        await stream.add_output(UID, "rtmp://a.example/live/k", None)

    assert refused.value.code == "MAX_OUTPUTS_REACHED"
    assert len(web.asked) == 1


async def test_who_is_live_can_be_watched_once_it_says_so(web: HostedWeb, stream: CloudflareStream) -> None:
    current = {"state": "connected", "statusEnteredAt": "2022-09-01T17:20:00Z", "reason": "connected"}
    web.will_answer(INPUT, said(live_input(web, {"current": current, "history": []})))
    web.will_answer(
        f"/{UID}/lifecycle",
        Answer({"isInput": True, "videoUID": None, "live": False}),
        Answer({"isInput": True, "videoUID": "55b9b5ce", "live": True}),
    )
    web.will_answer(f"/{UID}/views", Answer({"liveViewers": 113}), failed(500, 1, "broken"))

    first, second = await stream.state(UID), await stream.state(UID)

    assert (first.is_connected, first.is_playable, first.viewers) == (True, False, 113)
    assert first.connected_at == datetime(2022, 9, 1, 17, 20, tzinfo=UTC)
    assert (second.is_playable, second.viewers) == (True, None)
    assert "Authorization" not in web.asked[1].headers


@pytest.mark.parametrize(
    ("status", "since"),
    [
        (None, None),
        ("client_disconnect", None),
        ({"current": None}, None),
        ({"current": {"state": "disconnected", "statusEnteredAt": "2022-09-01T17:20:00Z"}}, 2022),
    ],
)
async def test_who_is_not_live_costs_one_question(
    web: HostedWeb, stream: CloudflareStream, status: Any, since: int | None
) -> None:
    web.will_answer(INPUT, said(live_input(web, status)))

    state = await stream.state(UID)

    assert (state.is_connected, state.is_playable, state.connected_at) == (False, False, None)
    assert (state.disconnected_at.year if state.disconnected_at else None) == since
    assert len(web.asked) == 1


async def test_inputs_of_others_in_the_account_are_left_alone(
    web: HostedWeb, stream: CloudflareStream
) -> None:
    foreign = [
        {"uid": "f1", "created": "2022-09-01T17:14:32Z", "meta": meta} for meta in ({"name": "x"}, None)
    ]
    ours = {"uid": UID, "created": "2014-01-02T02:20:00Z", "meta": {"deployment": HERE}}
    web.will_answer(INPUTS, said({"liveInputs": [*foreign, ours], "range": 1000, "total": 3}), said([ours]))

    expected = [(UID, datetime(2014, 1, 2, 2, 20, tzinfo=UTC))]
    assert await stream.list_inputs() == expected
    assert await stream.list_inputs() == expected


async def test_what_was_recorded_goes_with_its_input(web: HostedWeb, stream: CloudflareStream) -> None:
    web.will_answer(f"{INPUT}/videos", said([{"uid": "v1"}, {"uid": "v2"}]))
    web.will_answer(INPUT, Answer(status=204))
    web.will_answer(f"{BASE}/v1", Answer(status=200))
    web.will_answer(f"{BASE}/v2", failed(404, 10005, "Not found"))

    await stream.remove(UID)

    assert [one.path for one in web.asked if one.method == "DELETE"] == [INPUT, f"{BASE}/v1", f"{BASE}/v2"]


async def test_what_is_gone_is_gone(web: HostedWeb, stream: CloudflareStream) -> None:
    gone = failed(404, 10003, "Not Found: The requested live input does not exist")
    web.will_answer(INPUT, gone)
    web.will_answer(f"{INPUT}/videos", gone)

    await stream.remove(UID)
    with pytest.raises(MediaServerError, match="does not exist") as missing:
        await stream.state(UID)

    assert missing.value.code == "NOT_FOUND"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (failed(400, 10001, "Bad Request"), "REFUSED"),
        (failed(403, 10000, f"Authentication error for {KEY}"), "UNAVAILABLE"),
        (failed(429, 10100, "Too many requests", **{"Retry-After": "5"}), "UNAVAILABLE"),
        (failed(503, 10002, "Down"), "UNAVAILABLE"),
        (Answer({"result": {"uid": 7}}), "UNAVAILABLE"),
    ],
)
async def test_failures_have_codes_and_hold_no_key(
    web: HostedWeb, stream: CloudflareStream, answer: Answer, code: str
) -> None:
    web.will_answer(INPUTS, answer)

    with pytest.raises(MediaServerError) as failure:
        await stream.provision("ada@example.com")

    assert failure.value.code == code
    assert KEY not in failure.value.message


async def test_a_provider_that_hangs_is_not_waited_for(web: HostedWeb) -> None:
    hanging = CloudflareStream("acct", KEY, web.url, HERE, aiohttp.ClientTimeout(total=0.1))
    web.open.clear()

    with pytest.raises(MediaServerError, match="in time") as failure:
        await hanging.list_inputs()

    assert failure.value.code == "UNAVAILABLE"


async def test_it_is_chosen_by_name_and_needs_its_keys(settings: Settings) -> None:
    settings.MEDIA_SERVER = "cloudflare"
    chosen = media_server()
    assert chosen is not None
    assert chosen.name == "cloudflare"

    with pytest.raises(MediaServerError, match="set CLOUDFLARE_ACCOUNT_ID and CLOUDFLARE_STREAM_TOKEN"):
        await chosen.list_inputs()


async def test_settings_lead_to_it(settings: Settings, web: HostedWeb) -> None:
    settings.MEDIA_SERVER, settings.CLOUDFLARE_API_URL = "cloudflare", web.url
    settings.CLOUDFLARE_ACCOUNT_ID, settings.CLOUDFLARE_STREAM_TOKEN = "acct", KEY
    web.will_answer(INPUTS, said({"liveInputs": []}))

    chosen = media_server()

    assert chosen is not None
    assert await chosen.list_inputs() == []
