"""Companies that a cloud of a test calls, played by one server: a voice, a provider of live video, and a sound."""

from typing import Any

from tests.support.hosted_web import KEY, Answer, HostedWeb

ACCOUNT = "acct"
SOUND_PATH = "/sound.mp3"
PLAYED = b"ID3" + bytes(5_000)
SPOKEN = b"ID3" + b"\xff\xfb" * 2_000
VOICE = "JBFqnCBsd6RMkjVDRZzb"
INPUT = "66be4bf738797e01e1fca35a7bdecdcd"
WATCHED_AT = f"/{INPUT}/manifest/video.m3u8"


def settings_for(url: str) -> dict[str, str]:
    """Return what has a cloud call them at `url`."""
    return {
        "SPEECH_VOICES": "elevenlabs",
        "ELEVENLABS_API_KEY": KEY,
        "ELEVENLABS_URL": url,
        "ELEVENLABS_VOICE_ID": VOICE,
        "MEDIA_SERVER": "cloudflare",
        "CLOUDFLARE_ACCOUNT_ID": ACCOUNT,
        "CLOUDFLARE_STREAM_TOKEN": KEY,
        "CLOUDFLARE_API_URL": url,
    }


def open_for_business(web: HostedWeb) -> None:
    """Have `web` answer as they do; its live input is pushed to and can be watched."""
    web.will_answer(SOUND_PATH, Answer(pieces=(PLAYED,)))
    web.will_answer(f"/v1/text-to-speech/{VOICE}/stream", Answer(pieces=(SPOKEN,)))
    inputs = f"/accounts/{ACCOUNT}/stream/live_inputs"
    for path in (inputs, f"{inputs}/{INPUT}"):
        web.will_answer(path, _said(_live_input(web)))
    web.will_answer(f"{inputs}/{INPUT}/videos", _said([]))
    web.will_answer(f"/{INPUT}/lifecycle", Answer({"live": True}))
    web.will_answer(f"/{INPUT}/views", Answer({"liveViewers": 0}))


def _said(result: Any) -> Answer:
    return Answer({"result": result, "success": True, "errors": [], "messages": []})


def _live_input(web: HostedWeb) -> dict[str, Any]:
    return {
        "uid": INPUT,
        "created": "2026-01-02T03:04:05Z",
        "rtmps": {"url": "rtmps://live.example:443/live/", "streamKey": "key"},
        "webRTC": {"url": f"{web.url}/{INPUT}/webRTC/publish"},
        "status": "connected",
    }
