"""The reference of the API in a browser: drawn from our own files, in both looks, and usable with a token."""

import pytest
from playwright.async_api import expect

from tests.browser.browser import DESKTOP, PHONE, Browsers


@pytest.mark.parametrize(
    ("look", "dark", "size"), [("light", False, DESKTOP), ("dark", True, DESKTOP), ("phone", False, PHONE)]
)
async def test_it_is_drawn(browsers: Browsers, look: str, dark: bool, size: tuple[int, int]) -> None:
    visitor = await browsers.visitor(dark=dark, size=size)
    await visitor.open("/api/reference/")

    await expect(visitor.page.locator("html")).to_have_class("dark-mode" if dark else "")
    await expect(visitor.page.get_by_text("List the apps of your organizations").first).to_be_visible()
    await visitor.take_picture(f"reference-{look}")
    assert visitor.complaints == []
