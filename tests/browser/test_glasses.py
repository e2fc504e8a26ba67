"""Glasses in the browser: connect, start an app, see its words, lose the connection and have it all back."""

from playwright.async_api import expect

from tests.browser.browser import Browsers, Visitor

PAGE = "/console/simulator/"
CONNECTED = "#link-light[data-state=connected]"


async def put_on(browsers: Browsers, app: str = "Hello glasses") -> Visitor:
    """Return a developer who wears the glasses with an app of the demo on them."""
    visitor = await browsers.visitor()
    await visitor.log_in(PAGE)
    page = visitor.page
    await page.click("#connect")
    await page.wait_for_selector(CONNECTED)
    install = page.get_by_role("button", name=f"Install {app}")
    if await install.count():
        await install.click()
    start = page.get_by_role("button", name=f"Start {app}")
    stop = page.get_by_role("button", name=f"Stop {app}")
    await start.or_(stop).wait_for()
    if await start.count():
        await start.click()
    await expect(page.locator("#apps")).to_contain_text("running")
    return visitor


async def test_an_app_shows_its_words_and_hears_button_and_voice(browsers: Browsers) -> None:
    visitor = await put_on(browsers)
    page = visitor.page
    display = page.locator("#display")

    await expect(page.locator("#microphone-state")).to_contain_text("microphone wanted")
    await page.fill("#words", "good morning")
    await page.click("#say button")
    await expect(display).to_have_attribute("aria-label", "You said\ngood morning")
    await visitor.take_picture("glasses")
    await expect(page.locator("#log")).to_contain_text("→ local_transcription")
    await expect(page.locator("#log")).to_contain_text("← display_event")
    await page.get_by_role("button", name="Stop Hello glasses").click()
    await expect(page.locator("#apps")).to_contain_text("stopped")

    assert visitor.complaints == []


async def test_a_pulled_plug_is_recovered_from(browsers: Browsers) -> None:
    visitor = await put_on(browsers)
    page = visitor.page

    await page.select_option("#plug-seconds", "3")
    await page.click("#plug")
    await expect(page.locator("#grace-text")).to_contain_text("Recovered after")

    await expect(page.locator("#grace-text")).to_contain_text("the same session, with")

    await expect(page.locator("#apps")).to_contain_text("running")
    await page.fill("#words", "still here")
    await page.click("#say button")
    await expect(page.locator("#display")).to_have_attribute("aria-label", "You said\nstill here")
    assert visitor.complaints == []


async def test_the_newest_tab_is_the_phone(browsers: Browsers) -> None:
    visitor = await put_on(browsers)
    newer = await visitor.another_tab()
    await newer.open(PAGE)

    await newer.page.click("#connect")

    await newer.page.wait_for_selector(CONNECTED)
    await expect(visitor.page.locator("#grace-text")).to_contain_text("the newest wins")
    await expect(visitor.page.locator("#link-state")).to_contain_text("not connected")
    await expect(newer.page.locator("#apps")).to_contain_text("running")
    assert [*visitor.complaints, *newer.complaints] == []


async def test_the_microphone_sends_frames_of_sound(browsers: Browsers) -> None:
    visitor = await put_on(browsers)

    await visitor.page.click("#record")

    await expect(visitor.page.locator("#audio-counter")).to_contain_text("frames of sound sent, 0.")
    await visitor.page.click("#record")
    assert visitor.complaints == []


async def test_settings_of_an_app_are_changed_as_on_a_phone(browsers: Browsers) -> None:
    visitor = await put_on(browsers, "Live captions")
    page = visitor.page
    dialog, status = page.locator("#app-settings"), page.locator("#app-settings [role=status]")
    await page.get_by_role("button", name="Settings of Live captions").click()
    slider = dialog.locator("input[type=range]")
    await slider.wait_for()
    largest = await slider.get_attribute("max")
    await slider.fill(str(largest))
    await expect(status).to_contain_text("Stored")
    await visitor.take_picture("glasses-settings")
    await dialog.get_by_role("button", name="Close").click()

    await page.get_by_role("button", name="Settings of Live captions").click()

    await expect(slider).to_have_value(str(largest))
    assert visitor.complaints == []
