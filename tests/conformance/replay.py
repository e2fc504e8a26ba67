"""A cloud that does nothing but repeat a recorded exchange, and insists that the app does its part of it."""

import asyncio
from typing import Any

from mentra_sdk import MiniAppServer
from tests.conformance.exchange import Exchange, normalize
from tests.mentra_sdk.fake_cloud import post
from tests.support.socket_server import ServerSocket, SocketServer

ANSWERS_TO = {
    "tpa_connection_ack": "tpa_connection_init",
    "reconnect_ack": "reconnect",
    "permission_error": "subscription_update",
    "rgb_led_control_response": "rgb_led_control",
    "audio_play_response": "audio_play_request",
    "photo_response": "photo_request",
    "stream_status": "stream_request",
}


class Replay(SocketServer[ServerSocket]):
    """Plays one step of the exchange at a time: what the cloud sent is sent, what the app sent is expected."""

    def __init__(self, exchange: Exchange, app: MiniAppServer) -> None:
        super().__init__(ServerSocket)
        self._exchange = exchange
        self._app = app
        self._step = ""
        self._is_played = False
        self._socket: ServerSocket
        self._drawn: list[str | None] = []

    async def begin(self, step: str) -> None:
        self._step, self._is_played, self._drawn = step, False, []

    async def start(self) -> None:
        await self._play()

    async def hear(self, text: str, *, is_final: bool) -> None:
        await self._play()

    async def press(self, button_id: str) -> None:
        await self._play()

    async def choose(self, key: str, value: str) -> None:
        await self._play()

    async def blip(self) -> None:
        self._socket.drop()
        await self._play()

    async def crash(self) -> None:
        raise AssertionError("an app in this process cannot crash")

    async def stop(self) -> None:
        await self._play()

    async def drawn(self, text: str) -> None:
        assert text in self._drawn

    async def answered(self, kind: str) -> None:
        assert kind in [frame["message"]["type"] for frame in self._exchange[self._step]["to_app"]]

    async def _play(self) -> None:
        if self._is_played:
            return
        self._is_played = True
        step = self._exchange[self._step]
        calls = [asyncio.create_task(self._call(call)) for call in step["calls"]]
        if any(frame.get("socket") == "open" for frame in step["from_app"]):
            self._socket = await self.next_socket()
        seen: list[dict[str, Any]] = []
        for frame in step["to_app"]:
            await self._answer(dict(frame["message"]), seen)
        wanted = [frame for frame in step["from_app"] if "message" in frame]
        while len(seen) < len(wanted):
            seen.append(await self._socket.next())
        assert self._normal(seen) == wanted
        self._drawn = [one["layout"].get("text") for one in seen if one["type"] == "display_event"]
        await asyncio.gather(*calls)
        if step["from_app"] and step["from_app"][-1].get("socket") == "closed":
            assert (await self._socket.closed())[0] == step["from_app"][-1]["code"]

    async def _answer(self, message: dict[str, Any], seen: list[dict[str, Any]]) -> None:
        """Send a message of the cloud, after the app has asked for it."""
        question = ANSWERS_TO.get(message["type"])
        while question is not None and question not in [one["type"] for one in seen]:
            seen.append(await self._socket.next())
        asked = next((one for one in seen if one["type"] == question and "requestId" in one), {})
        names = {name: value for name, value in asked.items() if name == "requestId"}
        await self._socket.send(message.pop("type"), **message, **names)

    async def _call(self, call: dict[str, Any]) -> None:
        body = {**call["body"], "websocketUrl": f"{self.address}/app-ws"}
        assert await post(self._app, call["route"], body) == (call["status"], call["answer"])

    def _normal(self, messages: list[dict[str, Any]]) -> list[Any]:
        frames = [{"way": "from_app", "step": self._step, "message": message} for message in messages]
        return normalize(frames, {})[self._step]["from_app"] if frames else []
