"""The operators' site as they use it: a session whose phone came back, an app stopped, the session disposed."""

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect

from tests.browser.browser import Browsers, Visitor
from tests.browser.test_console import OPERATORS_OWN
from tests.browser.test_glasses import put_on

SESSIONS = "/admin/sessions_app/usersession/"
DEVELOPER = "developer@demo.local"


async def open_session(browsers: Browsers) -> Visitor:
    """Return an operator on the page of the developer's live session."""
    operator = await browsers.visitor()
    await operator.log_in(SESSIONS)
    await operator.open(f"{SESSIONS}?email={DEVELOPER}&state__exact=ACTIVE")
    await operator.page.get_by_role("link", name=DEVELOPER).first.click()
    await operator.page.wait_for_selector("#session-now")
    return operator


async def test_a_session_tells_its_story_and_ends_by_hand(browsers: Browsers) -> None:
    wearer = await put_on(browsers)
    await wearer.page.select_option("#plug-seconds", "3")
    await wearer.page.click("#plug")
    await expect(wearer.page.locator("#grace-text")).to_contain_text("Recovered after")

    operator = await open_session(browsers)
    page = operator.page
    for mark in ("tl-loss", "tl-back"):
        await expect(page.locator(f".tl-track .{mark}").first).to_be_visible()
    await expect(page.locator("#moves")).to_contain_text("phone_returned")
    span = page.locator(".tl-track .tl-span").first
    await span.focus()
    await expect(page.locator(".tl-tip:visible").first).to_contain_text("session: ")
    await operator.take_picture("admin-session-light")

    await page.get_by_role("link", name="Stop", exact=True).first.click()
    await page.get_by_role("button", name="Stop the app").click()
    await expect(page.locator("body")).to_contain_text("is stopped.")
    await expect(wearer.page.locator("#apps")).to_contain_text("stopped")

    await page.get_by_role("link", name="Dispose").click()
    await page.fill("#reason", "end of the story")
    await page.get_by_role("button", name="Dispose 1 session").click()
    await expect(page.locator("body")).to_contain_text("Sessions being disposed: 1.")
    await page.go_back()
    await page.go_back()
    await page.reload()
    await expect(page.locator("#session-now")).to_contain_text("DISPOSED")
    await expect(page.locator("#session-now")).to_contain_text("end of the story")
    assert operator.complaints == []


async def test_a_list_that_renews_itself_keeps_what_is_chosen(browsers: Browsers) -> None:
    await put_on(browsers)
    operator = await browsers.visitor()
    await operator.log_in(SESSIONS)
    page = operator.page
    box = page.locator("input.action-select").first
    await box.check()
    chosen = await box.input_value()

    async with page.expect_response(lambda answer: "hx-request" in answer.request.headers) as renewed:
        pass
    assert (await renewed.value).status == 200

    await expect(page.locator(f"input.action-select[value='{chosen}']")).to_be_checked()
    await expect(page.locator("#live-counts")).to_contain_text("ACTIVE")
    assert operator.complaints == []


async def test_no_page_of_operators_has_a_serious_barrier(browsers: Browsers) -> None:
    visitor = await browsers.visitor(obeys_policy=False)
    await visitor.log_in()
    barriers = []

    for name, path in OPERATORS_OWN.items():
        await visitor.open(path)
        found = await Axe().run(visitor.page)
        barriers += [
            f"{name}: {violation['id']} at {violation['nodes'][0]['html'][:160]}"
            for violation in found.response["violations"]
            if violation["impact"] in ("serious", "critical")
        ]

    assert barriers == []
