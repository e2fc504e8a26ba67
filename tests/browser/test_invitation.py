"""A stranger is invited by mail, signs up on the way and finds themselves in the team."""

import re

from playwright.async_api import expect

from tests.browser.browser import Browsers
from tests.support.cloud import Cloud

GRACE = "grace@example.com"


async def test_from_a_mail_into_the_team(browsers: Browsers, demo_cloud: Cloud) -> None:
    developer = await browsers.visitor()
    await developer.log_in("/console/organizations/1/")
    await developer.page.fill("[name=email]", GRACE)
    await developer.page.locator("#id_role").select_option("viewer")
    await developer.page.get_by_role("button", name="Invite").click()
    await expect(developer.page.locator("body")).to_contain_text(f"on its way to {GRACE}")
    link = mailed_link(demo_cloud)

    grace = await browsers.visitor()
    await grace.open(link)
    await expect(grace.page.locator("[name=email]")).to_have_value(GRACE)
    await grace.page.fill("[name=password1]", "correct horse battery")
    await grace.page.fill("[name=password2]", "correct horse battery")
    await grace.page.click("[type=submit]")
    await expect(grace.page.locator("h1")).to_contain_text("as viewer")
    await grace.take_picture("joining")
    await grace.page.get_by_role("button", name="Join").click()

    await expect(grace.page.locator("body")).to_contain_text("Welcome to developer@demo.local")
    await expect(grace.page.get_by_role("button", name="Invite")).to_have_count(0)
    await grace.open("/console/apps/1/live/")
    await expect(grace.page.locator("body")).to_contain_text("Your own session")
    await developer.page.reload()
    await expect(developer.page.get_by_label(f"Role of {GRACE}")).to_have_value("viewer")
    assert developer.complaints + grace.complaints == []


def mailed_link(cloud: Cloud) -> str:
    """Return the path of the link in the mail, which a cloud without a mail server prints."""
    cloud.wait_for_line("/console/invitations/")
    found = re.findall(r"(/console/invitations/\S+/)", "".join(cloud.log))
    assert found
    return str(found[-1])
