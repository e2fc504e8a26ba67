"""A key is rolled while apps run: both work, and the sockets of the old one end with it, on whatever node they are."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from tests.support.stage import Person, RawMiniApp, Stage
from tests.support.wire import RawApp

_KEYS = """
from datetime import timedelta
from apps_registry.models import ApiKey
from apps_registry.services import revoke_api_key, roll_api_key
key = ApiKey.objects.get(app__package_name={package!r}, prefix={prefix!r})
"""


class Story:
    """An app of several people on several nodes."""

    def __init__(self, stage: Stage, app: RawMiniApp, people: list[Person]) -> None:
        self.stage, self.app, self.people = stage, app, people
        self.old_key = app.record.api_key

    async def join(self, person: Person, node: int, api_key: str) -> RawApp:
        """Start the app for somebody; its server answers from a node of its choice with a key of its choice."""
        phone = await self.stage.phone(person, node=0)
        await phone.send("start_app", packageName=self.app.package_name)
        await self.app.invitation(person)
        socket = await self.dial(person, node, api_key)
        await socket.take("tpa_connection_ack")
        return socket

    async def dial(self, person: Person, node: int, api_key: str) -> RawApp:
        socket = await self.app.dial_a(f"{self.stage.cloud.node_ws_url(node)}/app-ws")
        await socket.init_a(self.app.session_id(person), self.app.package_name, api_key)
        return socket

    async def roll(self, overlap: timedelta) -> str:
        return await self._do(
            f"print(roll_api_key(key=key, overlap=timedelta(seconds={overlap.total_seconds()}))[1])"
        )

    async def revoke(self) -> None:
        await self._do("revoke_api_key(key=key)")

    async def _do(self, deed: str) -> str:
        code = _KEYS.format(package=self.app.package_name, prefix=self.old_key[:8]) + deed
        said = await asyncio.to_thread(self.stage.cloud.run, "shell", "-v", "0", "-c", code)
        return said.strip()


@pytest.fixture
async def story(cluster_stage: Stage) -> AsyncIterator[Story]:
    people = [await cluster_stage.person(name) for name in ("ada", "bob", "cleo")]
    yield Story(cluster_stage, await cluster_stage.raw_app(*people), people)


async def _assert_ended(socket: RawApp) -> None:
    await socket.take("tpa_connection_error", timeout_seconds=20, code="INVALID_API_KEY")
    closed = await socket.closed()
    assert (closed.code, closed.reason) == (1000, "API key revoked")


async def test_revoking_the_old_key_ends_its_sockets_and_no_others(story: Story) -> None:
    ada, bob, cleo = story.people
    before = await story.join(ada, 0, story.old_key)
    new_key = await story.roll(timedelta(hours=1))
    renewed = await story.join(bob, 1, new_key)
    late = await story.join(cleo, 2, story.old_key)

    await story.revoke()

    await _assert_ended(before)
    await _assert_ended(late)
    refused = await story.dial(cleo, 1, story.old_key)
    await refused.take("tpa_connection_error", code="INVALID_API_KEY")
    assert (await refused.closed()).code == 1008
    await (await story.dial(cleo, 1, new_key)).take("tpa_connection_ack")
    await renewed.subscribe("button_press")
    await story.stage.until_subscribed(bob, story.app.package_name, "button_press")
    assert renewed.is_open()


async def test_the_old_key_ends_by_itself_when_the_overlap_is_over(story: Story) -> None:
    ada, bob, _ = story.people
    before = await story.join(ada, 1, story.old_key)
    new_key = await story.roll(timedelta(seconds=1))
    renewed = await story.join(bob, 2, new_key)

    await _assert_ended(before)

    assert renewed.is_open()
