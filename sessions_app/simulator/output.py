"""What a play looks like: pictures and notes for a person, JSON lines for a script. Knows no connection."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime

from sessions_app.protocol.cloud_to_glasses import (
    AppStarted,
    AppStopped,
    DisplayEvent,
    MicrophoneStateChange,
    StartStream,
    StopStream,
)
from sessions_app.protocol.codec import Malformed, decode_to_glasses, iso
from sessions_app.simulator.screen import draw, fill_tokens

MAIN_VIEW = "main"
DASHBOARD_VIEW = "dashboard"
# What the simulated glasses have, in percent.
BATTERY = 100
# To the beginning of the line so many lines up, and all below it away (ECMA-48).
CURSOR_UP_AND_CLEAR = "\x1b[{}F\x1b[J"
# What comes after the host is a key.
_PLACE = re.compile(r"([a-z]+://)(?:[^/?@]*@)?([^/?]+)")
Write = Callable[[str], None]


class Output:
    """Turns what passes the wire into lines; as JSON, nothing but the messages is written.

    `in_place` is for a terminal: a picture takes the place of the one before while nothing stands below that.
    """

    def __init__(self, write: Write, *, as_json: bool, in_place: bool = False) -> None:
        self._write = write
        self._as_json = as_json
        self._in_place = in_place
        self._rows_to_replace = 0
        self._is_microphone_on = False
        self._view = MAIN_VIEW
        self._newest: dict[str, DisplayEvent] = {}

    def note(self, text: str) -> None:
        """Say something to a person."""
        if not self._as_json:
            self.keep_picture()
            self._write(text)

    def keep_picture(self) -> None:
        """Let the next picture come below this one: something else was written there, maybe by a keyboard."""
        self._rows_to_replace = 0

    def look(self, view: str) -> None:
        """Show another view, as glasses do when the head moves: what comes for the one before is kept for later."""
        self._view = view
        event = self._newest.get(view)
        if event is not None and not self._as_json:
            self._draw(event)

    def watch(self, direction: str, text: str) -> None:
        """Show a message that went "in" or "out"."""
        if self._as_json:
            line = {"direction": direction, "at": iso(datetime.now(UTC)), "message": json.loads(text)}
            self._write(json.dumps(line, ensure_ascii=False))
        elif direction == "in":
            self._show(text)

    def _show(self, text: str) -> None:
        try:
            message = decode_to_glasses(text)
        except Malformed as problem:
            self.note(f"A message of the cloud is wrong: {problem}")
            return
        match message:
            case DisplayEvent():
                self._newest[message.view] = message
                if message.view == self._view:
                    self._draw(message)
            case MicrophoneStateChange() if message.is_microphone_enabled != self._is_microphone_on:
                self._is_microphone_on = message.is_microphone_enabled
                self.note(f"The microphone is {'on' if self._is_microphone_on else 'off'}.")
            case StartStream():
                self.note(f"{message.app_id} has the camera stream to {_place_of(message.stream_url)}.")
            case StopStream():
                self.note("The camera streams no more.")
            case AppStarted():
                self.note(f"{message.package_name} runs.")
            case AppStopped():
                self.note(f"{message.package_name} has stopped.")

    def _draw(self, event: DisplayEvent) -> None:
        title = event.package_name if event.view == MAIN_VIEW else f"{event.package_name} ({event.view})"
        now = datetime.now(UTC).astimezone()
        picture = draw(fill_tokens(event.layout, now, BATTERY), title=title)
        upwards = CURSOR_UP_AND_CLEAR.format(self._rows_to_replace) if self._rows_to_replace else ""
        self._write(upwards + picture)
        self._rows_to_replace = picture.count("\n") + 1 if self._in_place else 0


def _place_of(url: str) -> str:
    found = _PLACE.match(url)
    return "".join(found.groups()) if found else "an address"
