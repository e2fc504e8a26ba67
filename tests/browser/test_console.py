"""The console as a newcomer meets it, in light and dark, on a desk and on a phone, and for who cannot see it."""

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect

from tests.browser.browser import DESKTOP, PHONE, Browsers

CONSOLE = {
    "start": "/console/",
    "glasses": "/console/simulator/",
    "tour": "/console/tour/",
    "tour-new": "/console/tour/?new",
    "apps": "/console/apps_registry/app/",
    "new-app": "/console/apps_registry/app/add/",
    "app": "/console/apps_registry/app/1/change/",
    "settings": "/console/apps/1/settings/",
    "tools": "/console/apps/1/tools/",
    "live": "/console/apps/1/live/",
    "statistics": "/console/apps/1/statistics/",
    "move": "/console/apps/1/move/",
    "organizations": "/console/organizations/",
    "organization": "/console/organizations/1/",
    "cli-keys": "/console/cli-keys/",
    "keys": "/console/apps_registry/apikey/",
    "new-key": "/console/apps_registry/apikey/add/",
}
ADMIN = {
    "admin": "/admin/",
    "admin-apps": "/admin/apps_registry/app/",
    "admin-sessions": "/admin/sessions_app/usersession/",
    "admin-cli-keys": "/admin/accounts/clikey/",
    "admin-users": "/admin/accounts/user/",
}
PAGES = CONSOLE | ADMIN


@pytest.mark.parametrize(
    ("look", "dark", "size"), [("light", False, DESKTOP), ("dark", True, DESKTOP), ("phone", False, PHONE)]
)
async def test_every_page_opens_without_a_complaint(
    browsers: Browsers, look: str, dark: bool, size: tuple[int, int]
) -> None:
    visitor = await browsers.visitor(dark=dark, size=size)
    await visitor.log_in()

    for name, path in PAGES.items():
        await visitor.open(path)
        await expect(visitor.page.locator("html")).to_have_class("dark" if dark else "")
        await visitor.take_picture(f"{name}-{look}")

    assert visitor.complaints == []


async def test_no_page_of_the_console_has_a_serious_barrier(browsers: Browsers) -> None:
    visitor = await browsers.visitor(obeys_policy=False)
    await visitor.log_in()
    barriers = []

    for name, path in CONSOLE.items():
        await visitor.open(path)
        found = await Axe().run(visitor.page)
        barriers += [
            f"{name}: {violation['id']} at {violation['nodes'][0]['html'][:120]}"
            for violation in found.response["violations"]
            if violation["impact"] in ("serious", "critical")
        ]

    assert barriers == []


async def test_from_an_empty_form_to_a_key_that_is_shown_once(browsers: Browsers) -> None:
    visitor = await browsers.visitor()
    await visitor.log_in("/console/apps_registry/app/add/")
    page = visitor.page

    await page.fill("[name=package_name]", "com.example.browser")
    await page.fill("[name=name]", "From a browser")
    await page.fill("[name=public_url]", "http://127.0.0.1:3999")
    await page.click("[name=_save]")
    await expect(page.locator("body")).to_contain_text("was added successfully")

    await visitor.open("/console/apps_registry/apikey/add/")
    await page.select_option("[name=app]", label="com.example.browser")
    await page.click("[name=_save]")
    key = await page.locator("#secret").inner_text()
    await page.get_by_role("button", name="Copy").click()
    await expect(page.get_by_role("button", name="Copied")).to_be_visible()

    assert len(key) == 64
    await visitor.open("/console/apps_registry/apikey/")
    await expect(page.locator("body")).to_contain_text(key[:8])
    await expect(page.locator("body")).not_to_contain_text(key)
    assert visitor.complaints == []
