"""What people of each role are shown in the console, and what they are not."""

import pytest
from playwright.async_api import expect

from tests.browser.browser import Browsers
from tests.support.cloud import Cloud

PASSWORD = "correct horse battery"
ROLES = ("viewer", "developer", "admin")
# Page, what one does there, and the weakest role that is offered it.
OFFERS = [
    ("/console/apps/1/", "link", "Edit", "developer"),
    ("/console/apps/1/", "button", "Delete the app", "admin"),
    ("/console/apps/1/keys/", "button", "Make key", "developer"),
    ("/console/apps/1/keys/", "link", "Roll the secret", "developer"),
    ("/console/apps/1/pictures/", "button", "Upload", "developer"),
    ("/console/apps/1/review/", "button", "Submit for review", "developer"),
    ("/console/apps/1/settings/", "button", "Save", "developer"),
    ("/console/organizations/1/", "button", "Invite", "admin"),
]
_MAKE_MEMBER = """
from accounts.models import Organization
from accounts.rules import Role
from accounts.services import add_member, get_or_create_user, trust_address
user = get_or_create_user(email={email!r})
user.set_password({password!r})
user.save()
trust_address(user=user)
add_member(organization=Organization.objects.get(pk=1), user=user, role=Role({role!r}))
"""


@pytest.mark.parametrize("role", ROLES)
async def test_a_page_offers_what_the_role_reaches(browsers: Browsers, demo_cloud: Cloud, role: str) -> None:
    email = f"{role}@roles.example"
    demo_cloud.run("shell", "-v", "0", "-c", _MAKE_MEMBER.format(email=email, password=PASSWORD, role=role))
    visitor = await browsers.visitor()
    await visitor.log_in("/console/apps/1/", email=email, password=PASSWORD)

    for path, kind, name, weakest in OFFERS:
        await visitor.open(path)
        offered = visitor.page.get_by_role(kind, name=name, exact=True)  # type: ignore[arg-type]
        if ROLES.index(role) >= ROLES.index(weakest):
            await expect(offered.first, f"{name} at {path}").to_be_visible()
        else:
            await expect(offered, f"{name} at {path}").to_have_count(0)

    assert visitor.complaints == []
