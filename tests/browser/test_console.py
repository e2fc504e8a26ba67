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
    "new-app": "/console/apps/new/",
    "app-overview": "/console/apps/1/",
    "app-versions": "/console/apps/1/versions/",
    "app-version": "/console/apps/1/versions/1/",
    "app-config": "/console/apps/1/config/",
    "app-testers": "/console/apps/1/testers/",
    "app-review": "/console/apps/1/review/",
    "app": "/console/apps_registry/app/1/change/",
    "permissions": "/console/apps/1/permissions/",
    "settings": "/console/apps/1/settings/",
    "tools": "/console/apps/1/tools/",
    "live": "/console/apps/1/live/",
    "audit": "/console/accounts/auditentry/",
    "inspector": "/console/apps/1/inspector/",
    "statistics": "/console/apps/1/statistics/",
    "move": "/console/apps/1/move/",
    "organizations": "/console/organizations/",
    "organization": "/console/organizations/1/",
    "account": "/console/account/",
    "cli-keys": "/console/cli-keys/",
    "keys": "/console/apps/1/keys/",
    "roll-key": "/console/apps/1/keys/1/roll/",
    "pictures": "/console/apps/1/pictures/",
    "roll-secret": "/console/apps/1/keys/webhook-secret/",
}
OPERATORS_OWN = {
    "admin": "/admin/",
    "admin-nodes": "/admin/nodes/",
    "admin-speech": "/admin/speech/",
    "admin-live-video": "/admin/live-video/",
    "admin-review": "/admin/review/",
    "admin-review-app": "/admin/review/1/",
    "admin-dispose": "/admin/sessions_app/usersession/dispose/",
}
ADMIN = {
    "admin-apps": "/admin/apps_registry/app/",
    "admin-app": "/admin/apps_registry/app/1/change/",
    "admin-sessions": "/admin/sessions_app/usersession/",
    "admin-failed-jobs": "/admin/sessions_app/failedjob/",
    "admin-audit": "/admin/accounts/auditentry/",
    "admin-audit-entry": "/admin/accounts/auditentry/1/change/",
    "admin-cli-keys": "/admin/accounts/clikey/",
    "admin-users": "/admin/accounts/user/",
    "admin-user": "/admin/accounts/user/1/change/",
    **OPERATORS_OWN,
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
    await visitor.log_in("/console/apps/new/")
    page = visitor.page
    package = page.locator("[name=package_name]")

    await page.fill("[name=name]", "Night sky")
    await expect(package).to_have_value("local.demo.nightsky")
    await expect(page.locator("#package-state")).to_have_text("local.demo.nightsky is free.")
    await package.fill("com.example.hello")
    await expect(page.locator("#package-state")).to_contain_text("com.example.hello is taken.")
    await package.fill("com.example.sky")
    await expect(page.locator("#package-state")).to_have_text("com.example.sky is free.")
    await page.fill("[name=name]", "Night sky of tonight")
    await expect(package).to_have_value("com.example.sky")

    await page.fill("[name=public_url]", f"{visitor.cloud.url}/nothing")
    await page.get_by_role("button", name="Check the address").click()
    await expect(page.locator("#url-report")).to_contain_text("Something answers (HTTP 404")
    await page.get_by_role("button", name="Register the app").click()
    key = await page.locator("#secret").inner_text()
    await visitor.arrive()
    await page.get_by_role("button", name="Copy").click()
    await expect(page.get_by_role("button", name="Copied")).to_be_visible()
    await visitor.take_picture("app-registered")

    assert len(key) == 64
    await page.get_by_role("link", name="Overview of Night sky of tonight").click()
    await expect(page.locator("#content")).to_contain_text("com.example.sky")
    await expect(page.locator("body")).not_to_contain_text(key)
    assert visitor.complaints == []
