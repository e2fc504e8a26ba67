"""A session whose glasses can stream, played message by message."""

import json
from dataclasses import dataclass
from typing import Any

from sessions_app.app_runs.seat import AppSeat
from sessions_app.handlers.dispatch import dispatch_from_app, dispatch_from_glasses
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.protocol.families import Family
from tests.support.fake_clock import FakeClock
from tests.support.runtime import JsonObject, RecordingLink, make_facts, seat_app

URL = "rtmp://live.example/app/key"


@dataclass
class App:
    """A connected app."""

    runtime: SessionRuntime
    seat: AppSeat
    link: RecordingLink

    def ask(self, kind: str, **fields: Any) -> None:
        dispatch_from_app(self.runtime, self.seat, json.dumps({"type": kind, **fields}))

    def statuses(self, kind: str = "stream_status") -> list[str]:
        """Return what it was told of streams, oldest first."""
        return [message["status"] for message in self.link.of_type(kind)]

    def last(self, kind: str = "stream_status") -> JsonObject:
        return self.link.of_type(kind)[-1]


@dataclass
class Filming:
    """A session with its phone and its clock."""

    runtime: SessionRuntime
    phone: RecordingLink
    clock: FakeClock

    def app(
        self, name: str = "cam", *subscriptions: str, family: Family = Family.C, permission: str = "CAMERA"
    ) -> App:
        facts = make_facts(permission, package=f"com.example.{name}")
        return App(self.runtime, *seat_app(self.runtime, facts, family, *subscriptions))

    def say(self, kind: str, **fields: Any) -> None:
        """Have the phone send a message."""
        self.runtime.phone.heard_at = self.clock.monotonic()
        dispatch_from_glasses(self.runtime, json.dumps({"type": kind, **fields}))

    def report(self, status: str, **fields: Any) -> None:
        """Have the glasses say how the stream that was started last fares."""
        self.say("stream_status", streamId=self.stream_id, status=status, **fields)

    @property
    def stream_id(self) -> str:
        started = [each for each in self.phone.sent if each["type"] in ("start_stream", "start_rtmp_stream")]
        name: str = started[-1]["streamId"]
        return name

    def ack(self) -> None:
        """Answer the newest keep-alive."""
        asked = [each for each in self.phone.sent if each["type"].startswith("keep_")][-1]
        self.say("keep_alive_ack", streamId=asked["streamId"], ackId=asked["ackId"])

    def live(self, seconds: float) -> None:
        """Let time pass with glasses that answer every keep-alive."""
        for _ in range(int(seconds)):
            before = len(self.phone.of_type("keep_stream_alive"))
            self.clock.advance(1)
            if len(self.phone.of_type("keep_stream_alive")) > before:
                self.ack()
