"""Who may do what in the Developer Console, as `role_matrix.txt` says it.

What a role may not do is neither shown nor possible. A row is one request, and the page on which its sign (its
address, unless a text is named) leads to it; `-` for what every page leads to, or none. ASK is a
POST that changes nothing. A cell says `yes` (shown and
done), or how the request is refused, not being shown either: 403, 404, `gone` (led to the start page, as if nothing
were there), `none` (answered, but nothing is done). Everybody owns an organization of their own besides, as everybody
who ever logged in does.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.test.client import MULTIPART_CONTENT
from django.urls import URLPattern, URLResolver, resolve

from accounts.models import AuditEntry, Invitation, Membership, Organization, User
from accounts.rules import Role
from accounts.services import add_member, create_organization, ensure_default_organization, invite
from apps_registry.models import ApiKey, App
from apps_registry.services import accept_share_link, add_preview, make_share_link, update_app
from consoles.developer.site import developer_site
from sessions_app.incidents.services import Kind, add_log, report
from tests.consoles.developer.test_app_pages import form as app_form
from tests.support.images import picture
from tests.support.personas import CAPTIONS, make_app, make_user

pytestmark = pytest.mark.django_db

WHO = (*(role.value for role in Role), "stranger")
TABLE = (Path(__file__).parent / "role_matrix.txt").read_text()
HEAD, *ROWS = [[cell.strip() for cell in line.split("|")] for line in TABLE.splitlines()]
SETTING = {"type": "toggle", "key": "loud", "label": "Loud", "defaultValue": True}
TOOL = {"id": "say", "description": "Says it"}
NEEDS = {"permissions": [{"type": "CAMERA", "description": "To see"}], "hardwareRequirements": []}
ICON, PREVIEW = picture(), picture(size=(640, 400))
Form = dict[str, Any]
# The theme's and Django's own, what concerns nobody but the visitor, and what tests beside this one prove.
NOT_OF_ORGANIZATIONS = {
    *(None, "search", "autocomplete", "jsi18n", "view_on_site", "app_list"),
    *("login", "logout", "password_change", "password_change_done", "invitation", "try"),
    *(
        *("account_copy", "account_copies", "account_name", "account_privacy", "account_deletion"),
        "account_close",
        "cli_key_rename",
        "cli_key_revoke",
        "app_new",
        "app_new_package",
        "app_new_check",
        "tour_app",
        "tour_hide",
    ),
    *("simulator_apps", "simulator_token", "simulator_install", "simulator_page"),
    *("simulator_photo", "simulator_sound"),
    *("inspector_call", "inspector_message", "inspector_again"),
    *("apps_registry_app_history", "accounts_auditentry_changelist", "accounts_auditentry_add"),
    *("accounts_auditentry_history", "accounts_auditentry_delete", "accounts_auditentry_change"),
}


@dataclass(frozen=True)
class World:
    """An organization with an app, and somebody of each role in it; `words` fill the addresses of the table."""

    people: dict[str, User]
    words: dict[str, object]
    app: App

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
            "/apps/new/": app_form(self.app.organization),
            "/apps/{app}/delete/": {"package_name": CAPTIONS},
            "/apps/{app}/keys/{key}/rename/": {"name": "laptop"},
            "/apps/{app}/keys/{key}/roll/": {"overlap": "1h"},
            "/apps/{app}/keys/webhook-secret/": {"overlap": "1h"},
            "/apps/{app}/config/": {"text": "{}"},
            "/apps/{app}/inspector/recording/": {"record": "on"},
            "/apps/{app}/settings/": {"version": 2, "document": [SETTING]},
            "/apps/{app}/settings/check/": {"document": []},
            "/apps/{app}/permissions/": {"version": 2, "document": NEEDS},
            "/apps/{app}/permissions/check/": {"document": {}},
            "/apps/{app}/pictures/icon/": {"file": SimpleUploadedFile("icon.png", ICON)},
            "/apps/{app}/pictures/previews/": {"file": SimpleUploadedFile("preview.png", PREVIEW)},
            "/apps/{app}/tools/": {"version": 2, "document": [TOOL]},
            "/apps/{app}/tools/check/": {"document": []},
            "/apps/{app}/versions/1/restore/": {"expected_version": "2"},
            "/apps/{app}/testers/links/": {"days": "30"},
            "/apps/{app}/testers/people/": {"email": "tester@people.example"},
            "/apps/{app}/move/": {"organization": name, "sure": "yes"},
        }
        return forms.get(request, {})


@pytest.fixture
def world() -> World:
    """Make the organization, its app, its people and an invitation."""
    cache.clear()  # of what limits count
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
    update_app(app=app, name="Captions 2")
    link = make_share_link(app=app, by=boss)
    tester = accept_share_link(token=link.token, user=friend)
    _, preview = add_preview(app=app, data=PREVIEW), add_preview(app=app, data=PREVIEW)
    incident = report(kind=Kind.INCIDENT, user=friend, said={"description": "It froze"})
    add_log(incident=incident, source="app", entries=["a line"], package_name=app.package_name)
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
        "testers": f"/apps/{app.pk}/testers",
        "link": link.pk,
        "tester": tester.pk,
        "preview": preview.pk,
        "key": ApiKey.objects.get(app=app).pk,
        "incident": incident.pk,
    }
    return World(people, words, app)


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


def test_every_page_is_in_the_table(world: World) -> None:
    in_table = {resolve(world.address(row[0].split()[1]).partition("#")[0]).url_name for row in ROWS}
    missing = {route.name for route in _routes(developer_site.get_urls())} - in_table - NOT_OF_ORGANIZATIONS
    assert not missing, "give each of them a row in role_matrix.txt"


def _routes(patterns: Iterable[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for pattern in patterns:
        yield from _routes(pattern.url_patterns) if isinstance(pattern, URLResolver) else [pattern]


def _outcome(browser: Client, method: str, world: World, request: str, person: User) -> str:
    home, before = Organization.objects.get(memberships__user=person, name=person.email), _deeds(person)
    address = world.address(request).partition("#")[0]
    answer = _send(browser, method, address, world.form(request, home))
    if answer.status_code in (403, 404):
        return str(answer.status_code)
    if answer.status_code == 302 and answer.headers["Location"] == "/console/":
        return "gone"
    return "yes" if method in ("GET", "ASK") or _deeds(person) != before else "none"


def _send(browser: Client, method: str, address: str, form: Form) -> Any:
    if method == "GET":
        return browser.get(address)
    is_json = "document" in form
    return browser.post(address, form, content_type="application/json" if is_json else MULTIPART_CONTENT)


def _deeds(person: User) -> tuple[int, int | None]:
    person.refresh_from_db(fields=["default_organization"])
    return AuditEntry.objects.count(), person.default_organization_id
