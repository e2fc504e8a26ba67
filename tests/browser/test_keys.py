"""A key is rolled in the console while the app runs: both work until the old one is revoked, which ends its socket."""

import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import expect

from tests.browser.browser import Browsers, Visitor
from tests.support.cloud import Cloud
from tests.support.stage import Person, RawMiniApp, Stage, staged
from tests.support.wire import RawApp


@pytest.fixture
async def stage(demo_cloud: Cloud) -> AsyncIterator[Stage]:
    """People and apps on the demo's cloud."""
    async for stage in staged(demo_cloud):
        yield stage


async def test_both_keys_work_until_the_old_one_is_revoked(browsers: Browsers, stage: Stage) -> None:
    ada, bob = await stage.person("ada"), await stage.person("bob")
    app = await stage.raw_app(ada, bob)
    old_key = app.record.api_key
    visitor = await browsers.visitor()
    page = visitor.page
    await visitor.log_in("/console/apps_registry/app/")
    await page.get_by_role("link", name=app.package_name).first.click()
    await page.wait_for_url(re.compile(r"/\d+/"))
    keys = f"/console/apps/{re.findall(r'/([0-9]+)/', page.url)[-1]}/keys/"

    await visitor.open(keys)
    new_key = await roll(visitor)
    with_old = await connect(stage, app, ada, old_key)
    with_new = await connect(stage, app, bob, new_key)
    await visitor.open(keys)
    await expect(page.locator("body")).to_contain_text("Ending")
    await visitor.take_picture("keys-rolled")
    await revoke(visitor, old_key)

    await with_old.take("tpa_connection_error", timeout_seconds=20, code="INVALID_API_KEY")
    assert (await with_old.closed()).reason == "API key revoked"
    assert with_new.is_open()
    assert visitor.complaints == []


async def roll(visitor: Visitor) -> str:
    """Roll the only key with the overlap that is offered first; return the new one."""
    page = visitor.page
    await page.get_by_role("link", name="Roll", exact=True).click()
    await page.get_by_role("button", name="Roll", exact=True).click()
    return await page.locator("#secret").inner_text()


async def revoke(visitor: Visitor, key: str) -> None:
    """Revoke the key that begins like this one, and confirm it."""
    row = visitor.page.locator("tr", has_text=key[:8])
    await row.get_by_role("link", name="Revoke").click()
    await visitor.page.get_by_role("button", name="Revoke").click()
    await expect(visitor.page.locator("body")).to_contain_text("Keys that work no more")


async def connect(stage: Stage, app: RawMiniApp, person: Person, key: str) -> RawApp:
    """Start the app for somebody and have its server answer with this key."""
    phone = await stage.phone(person)
    await phone.send("start_app", packageName=app.package_name)
    invitation = await app.invitation(person)
    socket = await app.dial_a(invitation["websocketUrl"])
    await socket.init_a(app.session_id(person), app.package_name, key)
    await socket.take("tpa_connection_ack")
    return socket
