"""An app's way to everybody: what is missing, sent back with notes, submitted again, published in the store."""

import io
import re

import aiohttp
from PIL import Image
from playwright.async_api import expect

from tests.browser.browser import Browsers, Visitor
from tests.support.cloud import Cloud

PACKAGE = "com.example.reviewed"
NOTES = "Tell people what they will see on their glasses."


async def test_from_a_first_try_to_the_store(browsers: Browsers, demo_cloud: Cloud) -> None:
    demo_cloud.run("create_app", PACKAGE, "--url", "http://127.0.0.1:3999", "--owner", "developer@demo.local")
    visitor = await browsers.visitor()
    page = visitor.page
    await visitor.log_in("/console/apps_registry/app/")
    await page.get_by_role("link", name=PACKAGE).first.click()
    await page.wait_for_url(re.compile(r"/\d+/"))
    pages = f"/console/apps/{re.findall(r'/([0-9]+)/', page.url)[-1]}/"
    submit = page.get_by_role("button", name="Submit for review")

    await visitor.open(f"{pages}review/")
    await expect(submit).to_be_disabled()
    await complete(visitor, pages)
    await visitor.open(f"{pages}review/")
    await submit.click()

    await decide(visitor, "Reject", NOTES, hears="went back to its developers.")
    await visitor.open(f"{pages}review/")
    await expect(page.locator("blockquote")).to_have_text(NOTES)
    assert PACKAGE not in await published(demo_cloud)

    await submit.click()
    await decide(visitor, "Approve and publish", "", hears="is published.")
    await visitor.open(f"{pages}review/")
    await expect(page.locator("[aria-current=step]")).to_contain_text("Published")
    await visitor.take_picture("review-published")
    assert PACKAGE in await published(demo_cloud)
    assert visitor.complaints == []


async def complete(visitor: Visitor, pages: str) -> None:
    """Give the app what a review asks for: an icon and a description."""
    picture = io.BytesIO()
    Image.new("RGB", (256, 256), "teal").save(picture, "PNG")
    icon = {"name": "icon.png", "mimeType": "image/png", "buffer": picture.getvalue()}
    await visitor.open(f"{pages}pictures/")
    await visitor.page.get_by_label("Picture for the icon").set_input_files(icon)  # type: ignore[arg-type]
    await visitor.page.get_by_role("button", name="Upload").click()
    await expect(visitor.page.get_by_role("img", name="The icon of")).to_be_visible()
    await visitor.open(pages)
    await visitor.page.get_by_role("link", name="Edit", exact=True).first.click()
    await visitor.page.fill("[name=description]", "Shows a word on the glasses, for everybody.")
    await visitor.page.click("[name=_save]")
    await expect(visitor.page.locator("body")).to_contain_text("was changed successfully")


async def decide(visitor: Visitor, decision: str, notes: str, *, hears: str) -> None:
    """Decide as an operator, from the queue."""
    await visitor.open("/admin/review/")
    await visitor.page.locator("tr", has_text=PACKAGE).get_by_role("link").first.click()
    await visitor.page.fill("[name=notes]", notes)
    await visitor.page.get_by_role("button", name=decision).click()
    await expect(visitor.page.locator("body")).to_contain_text(hears)


async def published(cloud: Cloud) -> list[str]:
    """Return what the store lists for everybody."""
    async with aiohttp.request("GET", f"{cloud.url}/api/store/published-apps") as answer:
        return [app["packageName"] for app in (await answer.json())["data"]]
