"""Plays a phone and glasses for a while: starts apps, presses buttons, sends sound, obeys a keyboard.

Everything `simulate_glasses` does once it has a token; knows no command line and no accounts.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from sessions_app.protocol.base import message_type
from sessions_app.protocol.cloud_to_glasses import (
    AppStarted,
    AppStateChange,
    AppStopped,
    DisplayEvent,
    MicrophoneStateChange,
)
from sessions_app.simulator.errors import (
    ConnectionLost,
    NothingCame,
    SimulatorError,
    Unreachable,
)
from sessions_app.simulator.hardware import Hardware
from sessions_app.simulator.inbox import Message
from sessions_app.simulator.output import DASHBOARD_VIEW, MAIN_VIEW, Output
from sessions_app.simulator.phone import SimulatedPhone
from sessions_app.simulator.sound import read_wav

KEYS = (
    "Type and press Enter: p = press, l = long press, t hello = say hello, n hello = notify of it,"
    " u / d = head up / down, o = open the dashboard, q = quit."
)
REPLACED = "Replaced by new connection"


class SimulationFailed(SimulatorError):
    """The play cannot go on; the text says why."""


@dataclass(frozen=True)
class Script:
    """What is played: apps to start, buttons to press, sound to send.

    A press is a button's name, or `name:long`. Without `duration_seconds` the play goes on until it is
    cancelled or the keyboard ends it, or with `ends_after_sound` until the glasses have shown what came of it.
    """

    packages: tuple[str, ...] = ()
    presses: tuple[str, ...] = ()
    wav: Path | None = None
    duration_seconds: float | None = None
    ends_after_sound: bool = False
    as_json: bool = False


@dataclass(frozen=True)
class Pace:
    """How long the play waits, in seconds.

    Sound is followed by `silence_seconds` of silence. Its end has been shown when nothing was drawn for
    `quiet_seconds`, or after `last_words_seconds` in any case.
    """

    start_seconds: float = 30
    error_seconds: float = 1
    microphone_seconds: float = 10
    between_presses_seconds: float = 2
    reconnect_seconds: float = 5
    silence_seconds: float = 1
    quiet_seconds: float = 4
    last_words_seconds: float = 15


class Play:
    """One performance of a script. `run` returns when it is over and raises SimulatorError when it fails."""

    def __init__(
        self,
        url: str,
        token: str,
        script: Script,
        output: Output,
        *,
        keyboard: AsyncIterator[str] | None = None,
        pace: Pace | None = None,
    ) -> None:
        self._script = script
        self._keyboard = keyboard
        self._pace = pace or Pace()
        self._output = output
        self._phone = SimulatedPhone(
            url, token, hardware=Hardware(notice=output.note), watcher=self._output.watch
        )
        self._back = asyncio.Event()

    async def run(self) -> None:
        """Connect, play the script, hang up."""
        sound = read_wav(self._script.wav) if self._script.wav else None
        try:
            await self._connect()
            parts = [self._perform(sound), self._stay_connected()]
            if self._keyboard is not None:
                self._output.note(KEYS)
                parts.append(self._obey(self._keyboard))
            await _first_of(parts)
        finally:
            await self._phone.close()

    async def _connect(self) -> None:
        ack = await self._phone.connect()
        self._output.note(f"Connected as {ack['sessionId']}.")
        await self._phone.report_glasses()
        self._back.set()

    async def _perform(self, sound: bytes | None) -> None:
        for package in self._script.packages:
            await self._start(package)
        end = None
        if self._script.duration_seconds is not None:
            end = asyncio.get_running_loop().time() + self._script.duration_seconds
        for press in self._script.presses:
            await asyncio.sleep(self._pace.between_presses_seconds)
            button, _, press_type = press.partition(":")
            await self._press(button, press_type or "short")
        if sound is not None:
            await self._play(sound)
        if end is None and sound is not None and self._script.ends_after_sound:
            await self._watch_last_words()
        elif end is None:
            await asyncio.Event().wait()
        else:
            await asyncio.sleep(end - asyncio.get_running_loop().time())

    async def _start(self, package: str) -> None:
        if package in _list_running(self._phone.ack):
            return

        def concerns(message: Message) -> bool:
            return message.get("packageName") == package or package in _list_running(message)

        await self._phone.start_app(package)
        try:
            answer = await self._phone.wait_for(
                (AppStarted, AppStopped, AppStateChange), concerns, self._pace.start_seconds
            )
        except NothingCame as silence:
            raise SimulationFailed(
                f"{package} did not start within {self._pace.start_seconds:g} s."
            ) from silence
        if answer["type"] == message_type(AppStopped):
            raise SimulationFailed(f"{package} did not start. {await self._find_cause()}".rstrip())

    async def _find_cause(self) -> str:
        try:
            change = await self._phone.wait_for(
                AppStateChange, lambda message: bool(message.get("error")), self._pace.error_seconds
            )
        except SimulatorError:
            return "Is it installed for this user, and does its server run?"
        return str(change["error"])

    async def _press(self, button: str, press_type: str) -> None:
        await self._back.wait()
        try:
            await self._phone.press(button, press_type=press_type)
        except ConnectionLost:
            self._output.note("The press was lost with the connection.")

    async def _play(self, sound: bytes) -> None:
        await self._back.wait()
        try:
            if not self._is_listened_to():
                await self._phone.wait_for(
                    MicrophoneStateChange,
                    lambda message: bool(message["isMicrophoneEnabled"]),
                    self._pace.microphone_seconds,
                )
        except NothingCame:
            self._output.note("No app listens to the microphone; the sound is sent all the same.")
        except ConnectionLost:
            await self._back.wait()
        try:
            await self._phone.play_sound(sound, silence_seconds=self._pace.silence_seconds)
        except ConnectionLost:
            self._output.note("The sound was cut off with the connection.")

    async def _watch_last_words(self) -> None:
        """Return once the glasses have not changed for a while."""
        with contextlib.suppress(TimeoutError, NothingCame):
            async with asyncio.timeout(self._pace.last_words_seconds):
                while True:
                    await self._back.wait()
                    with contextlib.suppress(ConnectionLost):
                        await self._phone.wait_for(
                            DisplayEvent,
                            lambda message: message.get("view", MAIN_VIEW) == MAIN_VIEW,
                            self._pace.quiet_seconds,
                        )

    def _is_listened_to(self) -> bool:
        microphone = self._phone.microphone
        return microphone is not None and microphone.is_microphone_enabled

    async def _stay_connected(self) -> None:
        while True:
            loss = await self._phone.wait_lost()
            if loss.reason == REPLACED:
                raise SimulationFailed("Another phone connected as this user.")
            self._back.clear()
            self._output.note(f"{loss} Trying again every {self._pace.reconnect_seconds:g} s.")
            while not self._phone.is_connected:
                await asyncio.sleep(self._pace.reconnect_seconds)
                try:
                    await self._connect()
                except Unreachable:
                    continue

    async def _obey(self, keyboard: AsyncIterator[str]) -> None:
        async for line in keyboard:
            self._output.keep_picture()
            key, _, rest = line.strip().partition(" ")
            if key == "q":
                return
            try:
                if not await self._do(key, rest):
                    self._output.note(KEYS)
            except ConnectionLost:
                self._output.note("There is no connection now.")

    async def _do(self, key: str, rest: str) -> bool:
        phone = self._phone
        match key:
            case "p":
                await phone.press(rest or "main")
            case "l":
                await phone.press(rest or "main", press_type="long")
            case "t" if rest:
                await phone.say(rest)
            case "n" if rest:
                await phone.report_notification(uuid4().hex, "Simulator", "Simulator", rest)
            case "u":
                await phone.head_up()
                self._output.look(DASHBOARD_VIEW)
            case "d":
                await phone.head_down()
                self._output.look(MAIN_VIEW)
            case "o":
                await phone.open_dashboard()
                self._output.look(DASHBOARD_VIEW)
            case _:
                return False
        return True


def _list_running(message: Message | None) -> list[str]:
    session: dict[str, Any] = (message or {}).get("userSession") or {}
    running: list[str] = session.get("activeAppSessions") or []
    return running


async def _first_of(parts: list[Any]) -> None:
    tasks = [asyncio.ensure_future(part) for part in parts]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        task.result()
