"""The cloud's HTTP routes for apps: what they stored about users, and files such as photos (rest §8)."""

import itertools
from typing import Any

from aiohttp import web

from mentra_sdk.testing.app_calls import Message

STORAGE = "/api/sdk/simple-storage/{user}"
NO_SUCH_KEY = 404

Stored = dict[str, str]


class Rest:
    """Texts by package and user, files by number. Nothing is limited and nobody is refused."""

    def __init__(self) -> None:
        self.stored: dict[tuple[str, str], Stored] = {}
        self._files: dict[str, bytes] = {}
        self._numbers = itertools.count(1)

    def add_routes(self, application: web.Application) -> None:
        """Serve at the addresses of the protocol."""
        one = STORAGE + "/{key}"
        application.router.add_get(STORAGE, self._read_all)
        application.router.add_put(STORAGE, self._write_many)
        application.router.add_delete(STORAGE, self._delete_all)
        application.router.add_get(one, self._read)
        application.router.add_put(one, self._write)
        application.router.add_delete(one, self._delete)
        application.router.add_get("/files/{name}", self._read_file)

    def save_file(self, data: bytes) -> str:
        """Keep bytes and return the path under which they are served."""
        name = str(next(self._numbers))
        self._files[name] = data
        return f"/files/{name}"

    async def _read_all(self, request: web.Request) -> web.Response:
        return _answer(self._of(request))

    async def _write_many(self, request: web.Request) -> web.Response:
        self._of(request).update((await request.json())["data"])
        return _answer(None)

    async def _delete_all(self, request: web.Request) -> web.Response:
        self._of(request).clear()
        return _answer(None)

    async def _read(self, request: web.Request) -> web.Response:
        value = self._of(request).get(request.match_info["key"])
        return _no_such_key() if value is None else _answer(value)

    async def _write(self, request: web.Request) -> web.Response:
        self._of(request)[request.match_info["key"]] = (await request.json())["value"]
        return _answer(None)

    async def _delete(self, request: web.Request) -> web.Response:
        value = self._of(request).pop(request.match_info["key"], None)
        return _no_such_key() if value is None else _answer(None)

    async def _read_file(self, request: web.Request) -> web.Response:
        data = self._files.get(request.match_info["name"])
        if data is None:
            raise web.HTTPNotFound
        return web.Response(body=data, content_type="image/jpeg")

    def _of(self, request: web.Request) -> Stored:
        package = request.headers.get("Authorization", "").removeprefix("Bearer ").partition(":")[0]
        return self.stored.setdefault((package, request.match_info["user"]), {})


def _answer(data: Any) -> web.Response:
    body: Message = {"success": True} if data is None else {"success": True, "data": data}
    return web.json_response(body)


def _no_such_key() -> web.Response:
    return web.json_response({"success": False, "error": "Key not found"}, status=NO_SUCH_KEY)
