"""The one script of expectations: what happens to the app, and what it must then draw and tell its author."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

PATIENCE_SECONDS = 10


class Server(Protocol):
    """A cloud as far as the script needs one; most methods make something happen at the user's side."""

    async def begin(self, step: str) -> None:
        """What happens from now on belongs to this step."""

    async def start(self) -> None:
        """The user starts the app; return when its subscriptions are answered."""

    async def hear(self, text: str, *, is_final: bool) -> None:
        """Somebody speaks."""

    async def press(self, button_id: str) -> None:
        """The user presses a button."""

    async def choose(self, key: str, value: str) -> None:
        """The user changes a setting."""

    async def blip(self) -> None:
        """The app's connection breaks; return when it is back and its subscriptions are answered."""

    async def crash(self) -> None:
        """The app's process dies and is started again; return when its session is back."""

    async def stop(self) -> None:
        """The user stops the app; return when its socket is closed."""

    async def drawn(self, text: str) -> None:
        """Wait until the app draws this text."""

    async def answered(self, kind: str) -> None:
        """Wait until the app has the cloud's answer of this type."""


@dataclass(frozen=True)
class Step:
    """Something that happens, what the app draws then, and what its author is told, each in order."""

    name: str
    act: Callable[[Server], Awaitable[None]]
    draws: tuple[str, ...] = ()
    tells: tuple[str, ...] = ()


async def _captions(server: Server) -> None:
    await server.hear("hel", is_final=False)
    await server.hear("hello", is_final=True)


def _press(button_id: str, answer: str | None, drawing: str | None) -> Callable[[Server], Awaitable[None]]:
    """Press a button, and another that says so: when that is drawn, everything before has passed."""

    async def act(server: Server) -> None:
        await server.press(button_id)
        if answer is not None:
            await server.answered(answer)
        if drawing is not None:
            await server.drawn(drawing)
        await server.press(f"after {button_id}")
        await server.drawn(f"pressed: after {button_id}")

    return act


DEEDS: tuple[tuple[str, str | None, str | None], ...] = (
    ("layouts", None, None),
    ("dashboard", None, None),
    ("light", "rgb_led_control_response", None),
    ("dark", "rgb_led_control_response", None),
    ("sound", "audio_play_response", None),
    ("silence", None, None),
    ("speech", "audio_play_response", None),
    ("configure", None, None),
    ("photo", "photo_response", "no photo"),
    ("stream", "stream_status", None),
)
"""Buttons that make the app ask for something, with the cloud's answer and what the app draws then."""

REFUSED = "refused LOCATION"
BEFORE = (
    Step("start", lambda server: server.start(), ("hello",), ("session", REFUSED)),
    Step("captions", _captions, ("heard: hel", "heard: hello")),
    Step("button", lambda server: server.press("main"), ("pressed: main",)),
    *(Step(deed[0], _press(*deed)) for deed in DEEDS),
    Step("setting", lambda server: server.choose("greeting", "Moin"), ("greeting: Moin",)),
    Step("blip", lambda server: server.blip(), (), ("disconnected", "reconnected", REFUSED)),
    Step("after the blip", lambda server: server.press("still there"), ("pressed: still there",)),
)
CRASH = (
    Step("crash", lambda server: server.crash(), ("hello",), ("session", REFUSED)),
    Step("after the crash", lambda server: server.press("back"), ("pressed: back",)),
)
STOP = (Step("stop", lambda server: server.stop(), (), ("stopped user_disabled", "stop user_disabled")),)
SCRIPT = (*BEFORE, *STOP)
STORY = (*BEFORE, *CRASH, *STOP)
"""The script for an app that runs as a process of its own, and so can be killed."""


class Told:
    """What the author's code was told, in order."""

    def __init__(self) -> None:
        self._words: asyncio.Queue[str] = asyncio.Queue()

    def report(self, event: str, detail: str) -> None:
        """Add a word."""
        self._words.put_nowait(f"{event} {detail}".strip())

    async def expect(self, words: Iterable[str]) -> None:
        """Take these words and no others."""
        for word in words:
            async with asyncio.timeout(PATIENCE_SECONDS):
                assert await self._words.get() == word

    def is_silent(self) -> bool:
        """Tell whether nothing is left."""
        return self._words.empty()


async def play(server: Server, steps: Iterable[Step], told: Told | None = None) -> None:
    """Let everything happen, and fail at the first expectation that is not met."""
    for step in steps:
        await server.begin(step.name)
        await step.act(server)
        for text in step.draws:
            await server.drawn(text)
        if told is not None:
            await told.expect(step.tells)
    assert told is None or told.is_silent()
