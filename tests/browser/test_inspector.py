"""The inspector beside the glasses: what passes appears by itself, opens, is filtered, and is sent again."""

from playwright.async_api import expect

from tests.browser.browser import Browsers
from tests.browser.test_glasses import put_on

PAGE = "/console/apps/1/inspector/"


async def test_a_developer_watches_an_app_start_and_sends_a_webhook_again(browsers: Browsers) -> None:
    wearer = await put_on(browsers)
    visitor = await wearer.another_tab()
    page = visitor.page
    await visitor.open(PAGE)
    lines = page.locator("#inspector-lines .inspector-line")
    await expect(lines.filter(has_text="session_request").first).to_be_visible()

    # Live: what passes from now on comes without a reload, and not while it is paused.
    await wearer.page.fill("#words", "hello inspector")
    await wearer.page.click("#say button")
    drawn = lines.filter(has_text="hello inspector").filter(has_text="display_event")
    await expect(drawn.first).to_be_visible()
    await drawn.first.locator("summary").click()
    await expect(drawn.first.locator("pre")).to_contain_text('"type": "display_event"')
    await page.get_by_role("button", name="Copy").first.click()
    await expect(page.get_by_role("button", name="Copied")).to_be_visible()
    await visitor.take_picture("inspector-message")
    await page.get_by_role("button", name="Pause").click()
    await expect(page.locator("#inspector-state")).to_have_text("Paused")
    await page.get_by_role("button", name="Go on").click()

    # A start is not sent twice to an app that runs; a stop of one that is stopped may be.
    await page.select_option("[name=show]", "webhooks")
    await expect(lines.filter(has_text="display_event")).to_have_count(0)
    start = lines.filter(has_text="session_request").first
    await start.locator("summary").click()
    await expect(start).to_contain_text("The app is connected")
    await wearer.page.get_by_role("button", name="Stop Hello glasses").click()
    await expect(wearer.page.locator("#apps")).to_contain_text("stopped")
    stop = lines.filter(has_text="stop_request").first
    await stop.locator("summary").click()
    await expect(stop.locator("svg")).to_be_visible()
    before = await lines.filter(has_text="stop_request").count()
    await stop.get_by_role("button", name="Send again").click()
    await expect(page.locator("output")).to_contain_text("Sent: HTTP 200")
    await expect(lines.filter(has_text="stop_request")).to_have_count(before + 1)
    await expect(lines.filter(has_text="sent again by hand").first).to_be_visible()
    await visitor.take_picture("inspector-webhook")

    await page.fill("[name=text]", "no such words anywhere")
    await expect(page.locator("#inspector-timeline")).to_contain_text("Nothing that is kept matches")
    assert "text=no" in page.url
    assert [*wearer.complaints, *visitor.complaints] == []
