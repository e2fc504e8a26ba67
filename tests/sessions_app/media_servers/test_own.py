"""Our media server and a node: control with the secret only, real video in, playable video out."""

import asyncio
import os
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import aiohttp
import pytest

from sessions_app.media_servers.own import OwnServer
from sessions_app.media_servers.server import InputState, LiveInput, MediaServerError
from tests.support.video import needs_ffmpeg, pushing, running_server, server_options

DAY = "2026-01-01"


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[OwnServer]:
    needs_ffmpeg()
    async with running_server(server_options(tmp_path, srt_count=2)) as running:
        yield running


async def get(url: str) -> tuple[int, dict[str, str], bytes]:
    async with aiohttp.ClientSession() as client, client.get(url) as answer:
        return answer.status, dict(answer.headers), await answer.read()


async def until(
    ask: Callable[[], Awaitable[InputState]], is_right: Callable[[InputState], bool], seconds: float = 15
) -> None:
    async with asyncio.timeout(seconds):
        while not is_right(await ask()):  # noqa: ASYNC110 - a server is asked
            await asyncio.sleep(0.1)


async def wait_until_playable(server: OwnServer, made: LiveInput) -> None:
    await until(lambda: server.state(made.input_id), lambda state: state.is_playable)


async def media_in_hls(url: str) -> bytes:
    """Play the way a player does: the list of lists, the first list, the set-up, the first segment."""
    folder = url.rpartition("/")[0]
    _, headers, lists = await get(url)
    assert headers["Content-Type"] == "application/vnd.apple.mpegurl"
    assert headers["Access-Control-Allow-Origin"] == "*"
    (name,) = re.findall(r"^(media_\d+\.m3u8)$", lists.decode(), re.MULTILINE)
    _, _, named = await get(f"{folder}/{name}")
    (set_up,) = re.findall(r'MAP:URI="([^"]+)"', named.decode())
    segment = next(line for line in named.decode().splitlines() if line.endswith(".m4s") and line[0] != "#")
    pieces = [await get(f"{folder}/{one}") for one in (set_up, segment)]
    assert [piece[1]["Access-Control-Allow-Origin"] for piece in pieces] == ["*", "*"]
    return b"".join(piece[2] for piece in pieces)


async def test_video_by_rtmp_is_played_by_hls_and_dash_and_pushed_on(server: OwnServer) -> None:
    made, other = await server.provision("ada@example.com"), await server.provision("bob@example.com")
    assert not (await server.state(made.input_id)).is_connected
    async with pushing(made.rtmp_url):
        await wait_until_playable(server, made)
        output = await server.add_output(made.input_id, other.rtmp_url, "a friend")
        film = await media_in_hls(made.hls_url)
        status, headers, manifest = await get(made.dash_url)
        await wait_until_playable(server, other)
        state = await server.state(made.input_id)
        await server.remove_output(made.input_id, output.output_id)
        await until(lambda: server.state(other.input_id), lambda state: not state.is_connected)

    assert film[4:8] == b"ftyp"
    assert b"moof" in film
    assert (status, headers["Content-Type"]) == (200, "application/dash+xml")
    assert b'codecs="avc1' in manifest
    assert state.is_connected
    assert state.connected_at is not None
    assert state.disconnected_at is None
    assert state.viewers == 1


async def test_video_by_srt_is_played_and_a_removed_input_is_gone(server: OwnServer, tmp_path: Path) -> None:
    made = await server.provision("ada@example.com")
    if made.srt_url is None:
        pytest.skip("needs an ffmpeg with SRT")
    async with pushing(made.srt_url, "mpegts"):
        await wait_until_playable(server, made)
        film = await media_in_hls(made.hls_url)
        await server.remove(made.input_id)

    assert b"moof" in film
    assert (await get(made.hls_url))[0] == 404
    assert os.listdir(tmp_path) == ["inputs.json"]
    with pytest.raises(MediaServerError) as gone:
        await server.state(made.input_id)
    assert gone.value.code == "NOT_FOUND"
    await server.remove(made.input_id)


async def test_nobody_publishes_without_a_key_that_was_given_out(server: OwnServer) -> None:
    made = await server.provision("ada@example.com")
    for wrong in (made.rtmp_url[:-1] + "x", made.rtmp_url.replace("/live/", "/other/")):
        async with pushing(wrong) as refused, asyncio.timeout(10):
            assert await refused.wait() != 0

    assert not (await server.state(made.input_id)).is_connected


async def test_inputs_and_outputs_outlive_a_restart(tmp_path: Path) -> None:
    needs_ffmpeg()
    options = server_options(tmp_path)
    async with running_server(options) as server:
        made = await server.provision("ada", [("rtmp://127.0.0.1:1/x/y", None)])
    (tmp_path / ("0" * 32)).mkdir()
    async with running_server(options) as server:
        ((input_id, created_at),) = await server.list_inputs()

    assert input_id == made.input_id
    assert created_at.isoformat() > DAY
    assert not (tmp_path / ("0" * 32)).exists()


async def test_refusals_have_codes(server: OwnServer) -> None:
    made = await server.provision("ada@example.com")
    codes = []
    for asked in (
        server.add_output(made.input_id, "http://a.example", None),
        server.add_output("f" * 32, "rtmp://a.example/x", None),
        server.remove_output(made.input_id, "none"),
        server.provision("ada@example.com", [("rtmp://a.example/x", None)] * 11),
    ):
        with pytest.raises(MediaServerError) as refused:
            await asked
        codes.append(refused.value.code)

    assert codes == ["REFUSED", "NOT_FOUND", "NOT_FOUND", "MAX_OUTPUTS_REACHED"]
    assert len(await server.list_inputs()) == 1


async def test_control_needs_the_secret_and_playback_leaves_the_folder_alone(server: OwnServer) -> None:
    made = await server.provision("ada@example.com")
    origin = made.hls_url.partition("/live/")[0]

    assert (await get(f"{origin}/control/inputs"))[0] == 401
    with pytest.raises(MediaServerError):
        await OwnServer(origin, "guessed").list_inputs()
    for path in (
        "/live/inputs.json",
        f"/live/{made.input_id}/..%2f..%2finputs.json",
        f"/live/{'.' * 32}/a.mpd",
    ):
        assert (await get(origin + path))[0] == 404


async def test_a_server_that_is_away_is_unavailable() -> None:
    with pytest.raises(MediaServerError) as away:
        await OwnServer("http://127.0.0.1:1", "x").list_inputs()

    assert away.value.code == "UNAVAILABLE"
