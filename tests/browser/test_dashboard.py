"""The dashboard in the browser: what the phone tells is there when its wearer looks up."""

import re

from playwright.async_api import expect

from tests.browser.browser import Browsers

PAGE = "/console/simulator/"
CONNECTED = "#link-light[data-state=connected]"


async def test_looking_up_shows_the_phones_news_and_looking_down_hides_them(browsers: Browsers) -> None:
    visitor = await browsers.visitor()
    await visitor.log_in(PAGE)
    page = visitor.page
    display = page.locator("#display")
    await page.click("#connect")
    await page.wait_for_selector(CONNECTED)

    await page.click("#notify button")
    await page.click("#plan button")
    await page.click("#head-up")

    seen = re.compile(r"^◌ [\d/]+, [\d:]+ [AP]M, 80%\n(tmr: )?Stand-up @ [\d:]+[ap]m\nBob: Lunch\?$")
    await expect(display).to_have_attribute("aria-label", seen)
    await display.scroll_into_view_if_needed()
    await visitor.take_picture("dashboard")
    await page.click("#dismiss")
    await expect(display).not_to_have_attribute("aria-label", re.compile("Lunch"))
    await page.click("#head-down")
    await expect(display).not_to_have_attribute("aria-label", re.compile("Stand-up"))
    await page.click("#dashboard")
    await expect(display).to_have_attribute("aria-label", re.compile("Stand-up"))
    assert visitor.complaints == []
