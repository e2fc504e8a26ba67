"""Who may do what in the Developer Console, as `role_matrix.txt` says it.

What a role may not do is neither shown nor possible. A row is one request, and the page on which its sign (its
address, unless a text is named) leads to it; `-` for what every page leads to, or none. A cell says `yes` (shown and
done), or how the request is refused, not being shown either: 403, 404, `gone` (led to the start page, as if nothing
were there), `none` (answered, but nothing is done). Everybody owns an organization of their own besides, as everybody
who ever logged in does.
"""

from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client

from accounts.models import AuditEntry, Invitation, Membership, Organization, User
from accounts.rules import Role
from accounts.services import add_member, create_organization, ensure_default_organization, invite
from apps_registry.models import ApiKey, App
from tests.consoles.developer.test_app_pages import form as app_form
from tests.support.personas import make_app, make_user

pytestmark = pytest.mark.django_db

WHO = (*(role.value for role in Role), "stranger")
TABLE = (Path(__file__).parent / "role_matrix.txt").read_text()
HEAD, *ROWS = [[cell.strip() for cell in line.split("|")] for line in TABLE.splitlines()]
Form = dict[str, str]


@dataclass(frozen=True)
class World:
    """An organization with an app, and somebody of each role in it; `words` fill the addresses of the table."""

    people: dict[str, User]
    words: dict[str, object]
    app: App
    key: ApiKey

    def address(self, text: str) -> str:
        """Return an address or sign of the table as it stands in a page."""
        path = text.format(**self.words)
        return f"/console{path}" if path.startswith("/") else path

    def form(self, request: str, home: Organization) -> Form:
        """Return what the browser of somebody with this home sends."""
        name, app = f"{home.pk}", str(self.app.pk)
        forms: dict[str, Form] = {
            "/cli-keys/": {"name": "laptop", "expires_in_days": "30"},
            "/organizations/": {"name": "One more"},
            "/organizations/{org}/": {"name": "Fresh", "slug": "fresh"},
            "{members}/{viewer}/role/": {"role": "developer"},
            "{members}/{boss}/role/": {"role": "viewer"},
            "{invitations}/": {"email": "other@people.example", "role": "viewer"},
            "{apps}/{app}/change/": app_form(self.app.organization, name="Renamed"),
            "{apps}/{app}/delete/": {"post": "yes"},
            "{apps}/#all": {"action": "delete_selected", "_selected_action": app, "post": "yes"},
            "{apps}/add/": app_form(self.app.organization),
            "{keys}/add/": {"app": app, "name": "server"},
            "{keys}/#revoke": {"action": "revoke", "_selected_action": str(self.key.pk)},
            "/apps/{app}/move/": {"organization": name, "sure": "yes"},
        }
        return forms.get(request, {})


@pytest.fixture
def world() -> World:
    """Make the organization, its app, its people and an invitation."""
    people = {who: make_user(f"{who}@people.example") for who in WHO}
    boss, friend = make_user("boss@people.example"), make_user("friend@people.example")
    for person in people.values():
        ensure_default_organization(user=person)
    organization, empty = (create_organization(name=name, owner=boss) for name in ("Example", "Empty"))
    for role in Role:
        add_member(organization=organization, user=people[role], role=role)
        add_member(organization=empty, user=people[role], role=role)
    member = add_member(organization=organization, user=friend, role=Role.VIEWER)
    invitation = invite(by=boss, organization=organization, email="new@people.example", role=Role.VIEWER)
    Invitation.objects.update(last_email_at=None)
    app = make_app(owner=boss).app
    assert app.organization == organization
    words = {
        "org": organization.pk,
        "empty": empty.pk,
        "app": app.pk,
        "viewer": member.pk,
        "boss": Membership.objects.get(user=boss, organization=organization).pk,
        "invited": invitation.pk,
        "members": f"/organizations/{organization.pk}/members",
        "invitations": f"/organizations/{organization.pk}/invitations",
        "apps": "/apps_registry/app",
        "keys": "/apps_registry/apikey",
    }
    return World(people, words, app, ApiKey.objects.get(app=app))


@pytest.mark.parametrize("who", WHO)
def test_a_role_decides(world: World, who: str) -> None:
    person, browser, pages = world.people[who], Client(), dict[str, str]()
    browser.force_login(person)
    found = {}
    for line, page, sign, *_ in ROWS:
        method, request = line.split()
        if page not in pages:
            pages[page] = browser.get(world.address(page)).content.decode()
        is_shown = world.address(sign or request) in pages[page]
        with transaction.atomic():
            outcome = _outcome(browser, method, world, request, person)
            transaction.set_rollback(True)
        found[line] = (
            outcome if page == "-" or is_shown == (outcome == "yes") else f"{outcome}, shown: {is_shown}"
        )
    assert found == {row[0]: row[HEAD.index(who)] for row in ROWS}


def _outcome(browser: Client, method: str, world: World, request: str, person: User) -> str:
    home, before = Organization.objects.get(memberships__user=person, name=person.email), _deeds(person)
    address = world.address(request).partition("#")[0]
    answer = browser.get(address) if method == "GET" else browser.post(address, world.form(request, home))
    if answer.status_code in (403, 404):
        return str(answer.status_code)
    if answer.status_code == 302 and answer.headers["Location"] == "/console/":
        return "gone"
    return "yes" if method == "GET" or _deeds(person) != before else "none"


def _deeds(person: User) -> tuple[int, int | None]:
    person.refresh_from_db(fields=["default_organization"])
    return AuditEntry.objects.count(), person.default_organization_id
