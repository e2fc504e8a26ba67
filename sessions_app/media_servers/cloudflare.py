"""Cloudflare Stream's live inputs (developers.cloudflare.com/stream): video in by RTMPS, SRT and WHIP, out worldwide.

An account may have live inputs of others: ours carry the name of this deployment, and only these are listed.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import aiohttp
import msgspec

from sessions_app.media_servers.calling import TIMEOUT, Caller
from sessions_app.media_servers.server import InputState, LiveInput, MediaServerError, Output

NAME: Final = "cloudflare"
HOW_TO_CONFIGURE: Final = "set CLOUDFLARE_ACCOUNT_ID and CLOUDFLARE_STREAM_TOKEN"
MOST_OUTPUTS: Final = 10
# Only what is recorded can be watched by HLS and DASH; thirty days are the least for which recordings can be kept.
_RECORDING: Final = {"mode": "automatic", "timeoutSeconds": 60}
_KEPT_DAYS: Final = 30
_CONNECTED: Final = frozenset({"connected", "reconnected", "new_configuration_accepted"})


class _Keyed(msgspec.Struct, rename="camel"):
    url: str = ""
    stream_key: str = ""


class _Srt(msgspec.Struct, rename="camel"):
    url: str
    stream_id: str
    passphrase: str


class _Address(msgspec.Struct):
    url: str


class _Current(msgspec.Struct, rename="camel"):
    state: str | None = None
    status_entered_at: datetime | None = None


class _Status(msgspec.Struct):
    current: _Current | None = None


class _Input(msgspec.Struct, rename="camel"):
    uid: str
    created: datetime
    meta: Any = None
    rtmps: _Keyed | None = None
    srt: _Srt | None = None
    web_rtc: _Address | None = msgspec.field(name="webRTC", default=None)
    web_rtc_playback: _Address | None = msgspec.field(name="webRTCPlayback", default=None)
    status: _Status | str | None = None


class _Inputs(msgspec.Struct, rename="camel"):
    live_inputs: list[_Input]


class _Output(msgspec.Struct):
    uid: str


class _Video(msgspec.Struct):
    uid: str


class _One(msgspec.Struct):
    result: _Input


class _Several(msgspec.Struct):
    result: _Inputs | list[_Input]


class _MadeOutput(msgspec.Struct):
    result: _Output


class _Outputs(msgspec.Struct):
    result: list[_Output]


class _Videos(msgspec.Struct):
    result: list[_Video]


class _Lifecycle(msgspec.Struct):
    live: bool = False


class _Views(msgspec.Struct, rename="camel"):
    live_viewers: int | None = None


class CloudflareStream:
    """See MediaServer."""

    name = NAME

    def __init__(
        self,
        account: str,
        token: str,
        url: str,
        deployment: str,
        timeout: aiohttp.ClientTimeout = TIMEOUT,
    ) -> None:
        self._api = Caller(
            "Cloudflare Stream",
            f"{url}/accounts/{account}/stream",
            token,
            timeout=timeout,
            missing="" if account and token else HOW_TO_CONFIGURE,
        )
        self._deployment = deployment
        self._timeout = timeout

    async def provision(self, owner: str, outputs: Sequence[tuple[str, str | None]] = ()) -> LiveInput:
        """See MediaServer."""
        if len(outputs) > MOST_OUTPUTS:
            raise MediaServerError("MAX_OUTPUTS_REACHED", f"A live input has at most {MOST_OUTPUTS} outputs")
        wish = {
            "meta": {"name": owner, "deployment": self._deployment},
            "recording": _RECORDING,
            "deleteRecordingAfterDays": _KEPT_DAYS,
        }
        made = (await self._api.ask("POST", "/live_inputs", _One, wish)).result
        try:
            described = _describe(made)
            for url, name in outputs:
                await self._make_output(made.uid, url, name)
        except MediaServerError:
            await self.remove(made.uid)
            raise
        return described

    async def state(self, input_id: str) -> InputState:
        """See MediaServer."""
        found = (await self._api.ask("GET", f"/live_inputs/{input_id}", _One)).result
        state, since = _status_of(found)
        is_connected = state in _CONNECTED
        is_playable, viewers = await self._look_at_playback(found) if is_connected else (False, None)
        return InputState(
            is_connected=is_connected,
            is_playable=is_playable,
            connected_at=since if is_connected else None,
            disconnected_at=None if is_connected else since,
            viewers=viewers,
        )

    async def add_output(self, input_id: str, url: str, name: str | None) -> Output:
        """See MediaServer."""
        known = (await self._api.ask("GET", f"/live_inputs/{input_id}/outputs", _Outputs)).result
        if len(known) >= MOST_OUTPUTS:
            raise MediaServerError("MAX_OUTPUTS_REACHED", f"A live input has at most {MOST_OUTPUTS} outputs")
        return await self._make_output(input_id, url, name)

    async def remove_output(self, input_id: str, output_id: str) -> None:
        """See MediaServer."""
        await self._api.tell("DELETE", f"/live_inputs/{input_id}/outputs/{output_id}")

    async def list_inputs(self) -> Sequence[tuple[str, datetime]]:
        """See MediaServer."""
        answer = (await self._api.ask("GET", "/live_inputs", _Several)).result
        found = answer.live_inputs if isinstance(answer, _Inputs) else answer
        return [(one.uid, one.created) for one in found if self._is_ours(one)]

    async def remove(self, input_id: str) -> None:
        """See MediaServer; recordings would outlive their input, so they are deleted one by one."""
        try:
            videos = (await self._api.ask("GET", f"/live_inputs/{input_id}/videos", _Videos)).result
        except MediaServerError as trouble:
            if trouble.code != "NOT_FOUND":
                raise
            videos = []
        paths = [f"/live_inputs/{input_id}", *(f"/{video.uid}" for video in videos)]
        for path in paths:
            await self._delete(path)

    async def _delete(self, path: str) -> None:
        try:
            await self._api.tell("DELETE", path)
        except MediaServerError as trouble:
            if trouble.code != "NOT_FOUND":
                raise

    async def _make_output(self, input_id: str, url: str, name: str | None) -> Output:
        """The key is the last part of an address; the provider wants it apart, and keeps no names."""
        place, slash, key = url.rpartition("/")
        if urlsplit(url).scheme not in ("rtmp", "rtmps") or not urlsplit(place).netloc or not key:
            raise MediaServerError(
                "REFUSED", "an output is an rtmp:// or rtmps:// address that ends with a key"
            )
        wish = {"url": place + slash, "streamKey": key, "enabled": True}
        made = await self._api.ask("POST", f"/live_inputs/{input_id}/outputs", _MadeOutput, wish)
        return Output(made.result.uid, url, name)

    async def _look_at_playback(self, found: _Input) -> tuple[bool, int | None]:
        """Return whether it can be watched, and how many watch. Both are asked where viewers go, without the token."""
        place = Caller("Cloudflare Stream", _place_of(found), "", headers={}, timeout=self._timeout)
        lifecycle, views = await asyncio.gather(
            place.ask("GET", f"/{found.uid}/lifecycle", _Lifecycle),
            place.ask("GET", f"/{found.uid}/views", _Views),
            return_exceptions=True,
        )
        if isinstance(lifecycle, BaseException):
            raise lifecycle
        return lifecycle.live, None if isinstance(views, BaseException) else views.live_viewers

    def _is_ours(self, one: _Input) -> bool:
        return isinstance(one.meta, dict) and one.meta.get("deployment") == self._deployment


def _status_of(found: _Input) -> tuple[str, datetime | None]:
    """Return the state and since when; the reference shows a plain word, the guide an object."""
    if isinstance(found.status, str):
        return found.status, None
    current = found.status.current if found.status is not None else None
    return (current.state or "", current.status_entered_at) if current is not None else ("", None)


def _place_of(found: _Input) -> str:
    """Return the origin from which an account's video is played; it is told with the addresses for WebRTC only."""
    if found.web_rtc is None:
        raise MediaServerError("UNAVAILABLE", "Cloudflare Stream did not say where its video is played")
    parts = urlsplit(found.web_rtc.url)
    return f"{parts.scheme}://{parts.netloc}"


def _describe(made: _Input) -> LiveInput:
    if made.rtmps is None:
        raise MediaServerError("UNAVAILABLE", "Cloudflare Stream made a live input without an address")
    srt = made.srt
    query = urlencode({"passphrase": srt.passphrase, "streamid": srt.stream_id}) if srt is not None else ""
    manifest = f"{_place_of(made)}/{made.uid}/manifest/video"
    return LiveInput(
        input_id=made.uid,
        rtmp_url=f"{made.rtmps.url.rstrip('/')}/{made.rtmps.stream_key}",
        srt_url=f"{srt.url}?{query}" if srt is not None else None,
        whip_url=made.web_rtc.url if made.web_rtc is not None else None,
        hls_url=f"{manifest}.m3u8",
        dash_url=f"{manifest}.mpd",
        webrtc_url=made.web_rtc_playback.url if made.web_rtc_playback is not None else None,
    )
