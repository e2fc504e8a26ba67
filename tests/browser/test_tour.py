"""From sign-up to one's own app on glasses: the official SDK runs the very code that the tour shows."""

import re
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.browser import Browsers, Visitor
from tests.sdk.packages import Family, PackagesMissing, Program, install, is_required
from tests.support.cloud import Cloud
from tests.support.ports import free_port
from tests.support.tour_program import TourProgram

NEWCOMER = "newcomer@example.com"
PASSWORD = "correct horse battery"
HELLO = "Hello, glasses!"
PATIENCE = 20_000


@pytest.fixture(scope="module")
def sdk() -> Program:
    """The official SDK 3, installed; skips, with the reason, where npm cannot deliver."""
    try:
        return install(Family.C)
    except PackagesMissing as reason:
        if is_required():
            pytest.fail(str(reason))
        pytest.skip(f"the tour with the official SDK skipped: {reason}")


async def test_from_sign_up_to_words_on_glasses_and_back_after_a_pulled_plug(
    browsers: Browsers, demo_cloud: Cloud, sdk: Program, tmp_path: Path
) -> None:
    visitor = await browsers.visitor()
    page = visitor.page
    port = free_port()
    (tmp_path / "node_modules").symlink_to(sdk.folder / "node_modules")

    await sign_up(visitor, demo_cloud)
    await page.get_by_role("link", name="Begin").click()
    code = await register(visitor, f"http://127.0.0.1:{port}")
    await expect(page.locator("#tour-answer")).to_contain_text("Nobody listens there")
    await visitor.take_picture("tour-waiting")

    async with TourProgram(sdk.runtime, tmp_path / "hello.ts", code, port):
        await expect(page.locator("#tour-answer")).to_have_attribute("data-state", "done", timeout=PATIENCE)
        await page.get_by_role("link", name="Put them on").click()
        await expect(page.locator("#celebration")).to_be_visible(timeout=PATIENCE)
        await expect(page.locator("#display")).to_have_attribute("aria-label", HELLO)
        await visitor.take_picture("tour-hello")
        await pull_the_plug(visitor)
        await page.get_by_role("link", name="Back to the tour").click()

    await expect(page.locator("body")).to_contain_text("ran on your glasses")
    await page.get_by_role("button", name="Hide the tour").click()
    await expect(page.get_by_role("link", name="The tour")).to_be_visible()
    assert visitor.complaints == []


async def sign_up(visitor: Visitor, cloud: Cloud) -> None:
    """Sign up, prove the address with the link of the mail, which a cloud without a mail server prints, log in."""
    page = visitor.page
    await visitor.open("/accounts/signup/")
    await page.fill("[name=email]", NEWCOMER)
    await page.fill("[name=password1]", PASSWORD)
    await page.fill("[name=password2]", PASSWORD)
    await page.click("[type=submit]")
    await expect(page.locator("body")).to_contain_text("Verify")
    cloud.wait_for_line("/accounts/confirm-email/")
    (link,) = set(re.findall(r"/accounts/confirm-email/\S+", "".join(cloud.log)))
    await visitor.open(link)
    await page.click("[type=submit]")
    await page.fill("[name=login]", NEWCOMER)
    await page.fill("[name=password]", PASSWORD)
    await page.click("[type=submit]")
    await page.wait_for_url(cloud.url + "/console/")


async def register(visitor: Visitor, url: str) -> str:
    """Go through the steps of app and key; return the code for SDK 3 as it is shown."""
    page = visitor.page
    await page.fill("[name=name]", "First words")
    await expect(page.locator("[name=package_name]")).to_have_value("com.example.firstwords")
    await page.fill("[name=public_url]", url)
    await page.get_by_role("button", name="Make the app").click()
    await page.get_by_role("button", name="Make a key").click()
    key = await page.locator("#secret").inner_text()
    code = await page.locator("#code-sdk3").text_content()
    assert code is not None
    assert key in code
    return code


async def pull_the_plug(visitor: Visitor) -> None:
    """Lose the connection, see the time that is left, come back before it is over and have the app's words again."""
    page = visitor.page
    await page.select_option("#plug-seconds", "30")
    await page.click("#plug")
    await expect(page.locator("#link-state")).to_contain_text("back in 30 s")
    await page.click("#log-clear")
    await expect(page.locator("#grace-text")).to_contain_text("The cloud keeps your session for another")
    await page.click("#connect")
    await expect(page.locator("#grace-text")).to_contain_text("the same session, with 1 running app")
    await expect(page.locator("#apps")).to_contain_text("running")
    await expect(page.locator("#log")).to_contain_text("← display_event")
    await expect(page.locator("#display")).to_have_attribute("aria-label", HELLO)
