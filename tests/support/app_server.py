"""An app server inside the test: it answers the cloud's webhooks and keeps them (lifecycle §4)."""

import asyncio
import io
import wave
from typing import Self

from aiohttp import web

from tests.support.inbox import Inbox
from tests.support.ports import free_port


class AppServer:
    """Listens on 127.0.0.1:`port`; every webhook lands in `webhooks` with its headers under `headers`.

    What is posted to `/settings` lands in `settings` in the same way.

    Forms posted to `/photo-upload` land in `uploads`, files as their bytes; `/tone.wav` is a short sound.
    `status` and `headers` are what the next webhooks are answered with, `delay_seconds` how long they wait for it.
    """

    def __init__(self, port: int | None = None) -> None:
        self.port = port or free_port()
        self.webhooks = Inbox("app server")
        self.settings = Inbox("app server's settings")
        self.uploads = Inbox("app server's uploads")
        self.status = 200
        self.headers: dict[str, str] = {}
        self.delay_seconds = 0.0
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        application = web.Application()
        application.router.add_post("/webhook", self._on_webhook)
        application.router.add_post("/settings", self._on_settings)
        application.router.add_post("/photo-upload", self._on_upload)
        application.router.add_get("/tone.wav", self._on_tone)
        self._runner = web.AppRunner(application, shutdown_timeout=1, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True).start()

    async def stop(self) -> None:
        """Stop listening: from now on webhooks meet a refused connection."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _on_webhook(self, request: web.Request) -> web.Response:
        return await self._on_call(request, self.webhooks)

    async def _on_settings(self, request: web.Request) -> web.Response:
        return await self._on_call(request, self.settings)

    async def _on_call(self, request: web.Request, inbox: Inbox) -> web.Response:
        body = await request.json()
        raw = await request.text()
        # What it is answered is settled when it comes: who waits for it may change the next answer at once.
        status, headers = self.status, self.headers
        inbox.put({**body, "headers": dict(request.headers), "raw": raw})
        await asyncio.sleep(self.delay_seconds)
        ok = status == web.HTTPOk.status_code
        answer = {"status": "success"} if ok else {"status": "error", "message": "Failed to connect"}
        return web.json_response(answer, status=status, headers=headers)

    async def _on_upload(self, request: web.Request) -> web.Response:
        form = await request.post()
        fields = {
            name: value.file.read() if isinstance(value, web.FileField) else value
            for name, value in form.items()
        }
        self.uploads.put({**fields, "authorization": request.headers.get("Authorization", "")})
        return web.json_response({"success": True, "requestId": fields["requestId"]})

    async def _on_tone(self, _: web.Request) -> web.Response:
        return web.Response(body=tone(), content_type="audio/wav")


def tone() -> bytes:
    """Return a tenth of a second of silence as a WAV file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(16_000)
        sound.writeframes(bytes(3_200))
    return file.getvalue()
