"""The HTTP side: lists and segments for anybody who knows their address, and control for nodes that know the secret."""

import hmac
import logging
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

import msgspec
from aiohttp import web

from sessions_app.media_servers.local.rtmp.door import APP
from sessions_app.media_servers.local.studio import FOLDER_OF_INPUT, Studio
from sessions_app.media_servers.server import MediaServerError

logger = logging.getLogger(__name__)

_FILE_NAME: Final = re.compile(r"^[A-Za-z0-9_-]+\.(m3u8|mpd|m4s)$")
_TYPES: Final = {
    ".m3u8": "application/vnd.apple.mpegurl",
    ".mpd": "application/dash+xml",
    ".m4s": "video/iso.segment",
}
# Anybody's page may play it: whoever knows the address may watch.
_OPEN: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "Range",
    "Access-Control-Expose-Headers": "Content-Length, Content-Range",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
}
_STATUSES: Final = {"NOT_FOUND": 404, "REFUSED": 400, "MAX_OUTPUTS_REACHED": 409, "UNAVAILABLE": 503}
_MOST_BODY_BYTES: Final = 64 * 1024
_MOST_WHO_CHARACTERS: Final = 200

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Destination(msgspec.Struct):
    """An output as a node asks for it."""

    url: str
    name: str | None = None


class Wish(msgspec.Struct):
    """An input as a node asks for it."""

    owner: str
    outputs: list[Destination] = msgspec.field(default_factory=list)


def make_web(studio: Studio, folder: Path, secret: str) -> web.Application:
    """Return the application; `folder` is where the studio writes."""
    app = web.Application(middlewares=[_guard(secret)], client_max_size=_MOST_BODY_BYTES)
    shown, asked = _Playback(folder, studio.saw_viewer), _Control(studio)
    app.add_routes(
        [
            web.get("/livez", _say_alive),
            web.get(f"/{APP}/{{input_id}}/{{name}}", shown.serve),
            web.options(f"/{APP}/{{input_id}}/{{name}}", shown.allow),
            web.get("/control/inputs", asked.list),
            web.post("/control/inputs", asked.provision),
            web.get("/control/inputs/{input_id}", asked.state),
            web.delete("/control/inputs/{input_id}", asked.remove),
            web.post("/control/inputs/{input_id}/outputs", asked.add_output),
            web.delete("/control/inputs/{input_id}/outputs/{output_id}", asked.remove_output),
        ]
    )
    return app


async def _say_alive(_: web.Request) -> web.Response:
    return web.Response(text="ok")


class _Playback:
    def __init__(self, folder: Path, saw_viewer: Callable[[str, str], None]) -> None:
        self._folder = folder
        self._saw_viewer = saw_viewer

    async def allow(self, _: web.Request) -> web.Response:
        return web.Response(status=204, headers={**_OPEN, "Access-Control-Max-Age": "86400"})

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Give a list, which changes all the time, or a segment, which never does."""
        input_id, name = request.match_info["input_id"], request.match_info["name"]
        is_named = FOLDER_OF_INPUT.match(input_id) and _FILE_NAME.match(name)
        path = self._folder / input_id / name
        if not is_named or not path.is_file():
            return web.Response(status=404, text="Nothing is live here now.", headers={**_OPEN, **_fresh()})
        headers = {**_OPEN, "Content-Type": _TYPES[path.suffix], **_fresh()}
        if path.suffix != ".m4s":
            self._saw_viewer(input_id, _who(request))
            return web.Response(body=path.read_bytes(), headers=headers)
        return web.FileResponse(path, headers=headers)


def _who(request: web.Request) -> str:
    """Tell players apart, by what a proxy says of them too: nothing but a number depends on it."""
    address = request.headers.get("X-Forwarded-For") or request.remote or ""
    return f"{address} {request.headers.get('User-Agent', '')}"[:_MOST_WHO_CHARACTERS]


def _fresh() -> dict[str, str]:
    # A film that begins anew has segments of the same names.
    return {"Cache-Control": "no-cache"}


class _Control:
    def __init__(self, studio: Studio) -> None:
        self._studio = studio

    async def list(self, _: web.Request) -> web.Response:
        inputs = self._studio.list_inputs()
        return _say({"inputs": [{"inputId": name, "createdAt": at} for name, at in inputs]})

    async def provision(self, request: web.Request) -> web.Response:
        wish = msgspec.json.decode(await request.read(), type=Wish)
        made = await self._studio.provision(wish.owner, [(one.url, one.name) for one in wish.outputs])
        return _say(made, 201)

    async def state(self, request: web.Request) -> web.Response:
        return _say(await self._studio.state(request.match_info["input_id"]))

    async def remove(self, request: web.Request) -> web.Response:
        await self._studio.remove(request.match_info["input_id"])
        return web.Response(status=204)

    async def add_output(self, request: web.Request) -> web.Response:
        wish = msgspec.json.decode(await request.read(), type=Destination)
        made = await self._studio.add_output(request.match_info["input_id"], wish.url, wish.name)
        return _say(made, 201)

    async def remove_output(self, request: web.Request) -> web.Response:
        await self._studio.remove_output(request.match_info["input_id"], request.match_info["output_id"])
        return web.Response(status=204)


def _say(facts: Any, status: int = 200) -> web.Response:
    return web.Response(body=msgspec.json.encode(facts), status=status, content_type="application/json")


def _guard(secret: str) -> Any:
    """Let only those control who know the secret, and answer what cannot be done with its code."""
    expected = f"Bearer {secret}".encode()

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path.startswith("/control/"):
            given = request.headers.get("Authorization", "").encode()
            if not secret or not hmac.compare_digest(given, expected):
                return _say({"code": "UNAUTHORIZED", "message": "the shared secret is missing or wrong"}, 401)
        try:
            return await handler(request)
        except MediaServerError as trouble:
            status = _STATUSES.get(trouble.code, 500)
            return _say({"code": trouble.code, "message": trouble.message}, status)
        except msgspec.MsgspecError as trouble:
            return _say({"code": "REFUSED", "message": str(trouble)}, 400)

    return guard
