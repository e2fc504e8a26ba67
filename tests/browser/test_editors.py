"""The editors of what an app declares, as a developer uses them."""

import re

from playwright.async_api import Page, expect

from tests.browser.browser import Browsers, Visitor

SETTINGS = "/console/apps/1/settings/"
TOOLS = "/console/apps/1/tools/"
PERMISSIONS = "/console/apps/1/permissions/"


async def open_editor(browsers: Browsers, path: str) -> Visitor:
    """Return the demo's developer at an editor of the demo's app."""
    visitor = await browsers.visitor()
    await visitor.log_in(path)
    return visitor


async def start_empty(page: Page) -> None:
    """Take away what other stories left in the list."""
    await page.get_by_role("button", name="JSON").click()
    await page.get_by_label("The document as JSON").fill("[]")
    await page.get_by_role("button", name="Form").click()
    await expect(page.locator("[data-part=empty]")).to_be_visible()


async def save(page: Page, hears: str) -> None:
    """Press Save and wait for what the page says to that."""
    await page.get_by_role("button", name="Save", exact=True).first.click()
    # A text alone would be found in any case of its letters: "Saved" in "Unsaved changes", before anything is.
    said = page.locator("[data-part=state], [data-part=notice]").filter(has_text=re.compile(re.escape(hears)))
    await expect(said).to_be_visible()


async def test_settings_are_built_seen_on_the_phone_refused_and_saved(browsers: Browsers) -> None:
    visitor = await open_editor(browsers, SETTINGS)
    page = visitor.page
    cards, phone = page.locator("[data-part=cards] > li"), page.locator(".phone")

    await start_empty(page)
    await page.locator("[data-part=first-tiles]").get_by_role("button", name="Switch").click()
    await cards.first.get_by_role("textbox", name="Label").fill("Show captions")
    await expect(cards.first.get_by_role("textbox", name="Key")).to_have_value("show_captions")
    await phone.get_by_role("switch", name="Show captions").check()

    await page.get_by_role("button", name="Add a setting").click()
    await page.get_by_role("dialog").get_by_role("button", name="Slider").click()
    slider = cards.nth(1)
    await slider.get_by_role("textbox", name="Label").fill("Lines")
    await slider.get_by_label("Smallest").fill("500")
    await save(page, "there is one problem")
    await expect(slider.get_by_label("Smallest")).to_have_attribute("aria-invalid", "true")
    await expect(slider).to_contain_text('"min" must not be above "max".')
    visitor.complaints.clear()  # the browser notes that the cloud refused

    await slider.get_by_label("Smallest").fill("1")
    await slider.get_by_label("At first").fill("3")
    await expect(slider.locator("[aria-invalid]")).to_have_count(0)
    await page.get_by_role("button", name="Move Lines, 2 of 2").press("ArrowUp")
    await expect(cards.first).to_contain_text("Lines")
    await save(page, "Saved")
    await visitor.take_picture("settings")

    await page.reload()
    await expect(cards).to_have_count(2)
    await expect(cards.first).to_contain_text("lines")
    await expect(phone.get_by_role("slider", name="Lines")).to_have_value("3")
    assert visitor.complaints == []


async def test_who_is_overtaken_loses_nothing(browsers: Browsers) -> None:
    visitor = await open_editor(browsers, SETTINGS)
    first, second = visitor.page, await visitor.page.context.new_page()
    await second.goto(first.url)
    for page, title in ((second, "Theirs"), (first, "Mine")):
        await page.get_by_role("button", name="JSON").click()
        await page.get_by_label("The document as JSON").fill(f'[{{"type": "group", "title": "{title}"}}]')

    await save(second, "Saved")
    await save(first, "developer@demo.local changed settings")
    await expect(first.locator(".phone")).to_contain_text("Mine")
    await first.get_by_role("button", name="Load the newer one").click()
    await expect(first.locator(".phone")).to_contain_text("Theirs")
    await first.get_by_role("button", name="Undo").click()
    await expect(first.locator(".phone")).to_contain_text("Mine")
    await save(first, "Saved")


async def test_a_tool_is_described_and_its_call_shown(browsers: Browsers) -> None:
    visitor = await open_editor(browsers, TOOLS)
    page = visitor.page

    await start_empty(page)
    await page.get_by_role("button", name="Begin with an example").click()
    await page.get_by_role("button", name="Add a parameter").click()
    when = page.locator("[data-place=parameters] > ol > li").nth(1)
    await when.get_by_role("textbox", name="Name").fill("when")
    await when.get_by_role("textbox", name="Add to: Only these values").fill("today")
    await when.get_by_role("textbox", name="Add to: Only these values").press("Enter")
    await expect(page.locator("#tool-call")).to_contain_text('"when": "today"')
    await page.get_by_role("button", name="Duplicate add_todo").click()
    await expect(page.locator("#tool-json")).to_contain_text('"id": "add_todo_2"')
    await save(page, "Saved")

    await page.reload()
    await expect(page.locator("[data-part=cards] > li")).to_have_count(2)
    await expect(page.locator("#tool-call")).to_contain_text("POST /tool")
    assert visitor.complaints == []


async def test_a_permission_shows_what_people_read_and_hardware_whom_it_leaves_out(
    browsers: Browsers,
) -> None:
    visitor = await open_editor(browsers, PERMISSIONS)
    page = visitor.page
    consent, models = page.locator(".phone"), page.locator("[data-part=models]")

    await page.get_by_role("switch", name="Ask for: Calendar").check()
    await expect(consent).to_contain_text("No reason given")
    await page.locator("[data-place='permissions.CALENDAR'] textarea").fill("To tell your next meeting.")
    await expect(consent).to_contain_text("To tell your next meeting.")
    await page.get_by_role("group", name="Speaker").get_by_role("radio", name="Nice to have").check()
    await expect(models).to_contain_text("without: speaker")
    await save(page, "Saved")

    await page.reload()
    await expect(page.get_by_role("switch", name="Ask for: Calendar")).to_be_checked()
    await expect(models).to_contain_text("without: speaker")
    assert visitor.complaints == []
