"""What the stories of outages have in common: somebody with a running app, and proof that both are connected."""

import itertools
from dataclasses import dataclass
from typing import Any

import psutil

from tests.support.cloud import Cloud
from tests.support.probing import transitions
from tests.support.stage import Person, RawMiniApp, Stage
from tests.support.wire import RawApp, RawPhone

# How long something may take "eventually", on a machine that does much else.
PATIENCE_SECONDS = 30.0
_words = (f"word {number}" for number in itertools.count(1))


@dataclass
class Running:
    """A person whose phone is connected and whose app runs and hears buttons."""

    person: Person
    phone: RawPhone
    app: RawMiniApp
    socket: RawApp

    async def assert_connected(self) -> None:
        """Assert that an event goes from phone to app and a drawing from app to phone, now."""
        word = next(_words)
        await self.phone.send("button_press", buttonId=word, pressType="short")
        await self.socket.take("data_stream", PATIENCE_SECONDS, data={"buttonId": word})
        layout = {"layoutType": "text_wall", "text": word}
        await self.socket.send("display_event", view="main", layout=layout, forceDisplay=True)
        await self.phone.take(
            "display_event", PATIENCE_SECONDS, packageName=self.app.package_name, layout=layout
        )

    async def until_subscribed(self, stage: Stage, *streams: str) -> None:
        """Return once the rows hold exactly these subscriptions; what waited for the database may be tried late."""
        await stage.until_session(
            self.person,
            f"subscribed to {streams}",
            lambda row: [sorted(entry["subscriptions"]) for entry in row["apps"]] == [sorted(streams)],
            PATIENCE_SECONDS,
        )

    def stop_requests(self) -> int:
        """Return how often the app's server was told that the app is stopped."""
        return len(self.app.server.webhooks.seen(type="stop_request"))


async def running(stage: Stage, name: str = "ada", *, node: int = 0) -> Running:
    """Set a person with a running app on the stage."""
    person = await stage.person(name)
    app = await stage.raw_app(person)
    phone = await stage.phone(person, node=node)
    socket = await stage.start_a(phone, person, app)
    await socket.subscribe("button_press")
    await stage.until_subscribed(person, app.package_name, "button_press")
    return Running(person, phone, app, socket)


async def until_disposed_once(stage: Stage, story: Running) -> dict[str, Any]:
    """Return the row of the session once it is disposed; assert that this happened once, and was told once."""
    row = await stage.until_session(
        story.person, "disposed", lambda row: row["state"] == "DISPOSED", PATIENCE_SECONDS
    )
    states = await transitions(stage.cloud, row["id"])
    assert states[-2:] == ["DISPOSING", "DISPOSED"]
    assert (states.count("DISPOSING"), states.count("DISPOSED")) == (1, 1), states
    await story.app.server.webhooks.take(PATIENCE_SECONDS, type="stop_request", reason="system_stop")
    assert story.stop_requests() == 1
    assert row["disposedAt"] >= row["disconnectedAt"]
    return row


def redis_of(cloud: Cloud) -> psutil.Process:
    """Return the process of the private Redis."""
    (found,) = (process for process in cloud.processes() if "redis-server" in process.name())
    return found


def kill(process: psutil.Process) -> None:
    """Kill a process as a crash does; `up` starts it again."""
    process.kill()
    process.wait(10)


def assert_quiet(cloud: Cloud, since: int) -> None:
    """Assert that no process of the cloud told of the outage with a traceback, nor with line after line."""
    lines = list(cloud.log)[since:]
    assert not [line for line in lines if "Traceback" in line], "".join(lines)
    told = [line for line in lines if " is away" in line]
    assert len(told) <= MOST_LINES, "".join(lines)


MOST_LINES = 30
