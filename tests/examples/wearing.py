"""A wearer of an example: what the cloud tells the app about them, and what their glasses show."""

import json
from collections.abc import Callable
from typing import Any

from apps_registry.rules import read_config
from mentra_sdk import MiniAppServer
from tests.examples.programs import ROOT
from tests.mentra_sdk.fake_cloud import AppSocket, FakeCloud
from tests.support.socket_server import Message


def read_example(folder: str) -> dict[str, Any]:
    """Return the details of the example's config file, of which the cloud takes every word."""
    config = json.loads((ROOT / "examples" / folder / "app_config.json").read_text())
    details, problems, unknown = read_config(config)
    assert (problems, unknown) == ([], [])
    return details


def settings_of(folder: str, **chosen: Any) -> list[Message]:
    """Return the settings of an example as the cloud sends them: the defaults, and what the wearer chose."""
    definitions = read_example(folder).get("settings_definitions", [])
    values = {each["key"]: each.get("defaultValue") for each in definitions if "key" in each}
    assert set(chosen) <= set(values)
    return [{"key": key, "value": value} for key, value in {**values, **chosen}.items()]


class Wearer:
    """One person who runs an example; `socket` is the cloud's end of the app's socket."""

    def __init__(
        self, cloud: FakeCloud, socket: AppSocket, folder: str, package: str, chosen: dict[str, Any]
    ) -> None:
        self.socket = socket
        self._cloud = cloud
        self._folder = folder
        self._package = package
        self._chosen = chosen

    async def see(self) -> Message:
        """Return the next drawing."""
        drawing: Message = (await self.socket.next_of("display_event"))["layout"]
        return drawing

    async def read(self) -> str:
        """Return the next drawing as the text it holds."""
        return text_of(await self.see())

    async def until(self, holds: Callable[[str], bool]) -> str:
        """Return the text of the first drawing of which `holds` is true."""
        while not holds(text := await self.read()):
            pass
        return text

    async def press(self, press_type: str = "short") -> None:
        await self.socket.send_event("button_press", {"buttonId": "main", "pressType": press_type})

    async def choose(self, **chosen: Any) -> None:
        """Change settings, as on the phone."""
        self._chosen |= chosen
        settings = settings_of(self._folder, **self._chosen)
        await self.socket.send("settings_update", packageName=self._package, settings=settings)

    async def report(self, code: str, message: str) -> None:
        """Tell the app an error, as the cloud does."""
        await self.socket.send("tpa_connection_error", code=code, message=message)

    async def blip(self) -> None:
        """Break the connection and take the app back."""
        self.socket.drop()
        self.socket = await self._cloud.next_socket()
        await self.socket.accept("reconnect_ack", settings=settings_of(self._folder, **self._chosen))


async def wear(
    cloud: FakeCloud, app: MiniAppServer, folder: str, *, user: str = "ada@example.com", **chosen: Any
) -> Wearer:
    """Let a user start the app with these settings of theirs."""
    return await accept(await cloud.start(app, user), cloud, folder, app.package_name, user, **chosen)


async def accept(
    socket: AppSocket, cloud: FakeCloud, folder: str, package: str, user: str, **chosen: Any
) -> Wearer:
    """Acknowledge the socket that an app opened for a user."""
    await socket.accept(sessionId=f"{user}-{package}", settings=settings_of(folder, **chosen))
    return Wearer(cloud, socket, folder, package, chosen)


def text_of(layout: Message) -> str:
    """Return the words of a layout, its parts on lines of their own."""
    parts = ("title", "topText", "leftText", "text", "bottomText", "rightText")
    return "\n".join(layout[part] for part in parts if layout.get(part))
