"""The audit log of one's organizations: for those who manage them, and of nobody else's."""

import pytest
from django.test import Client

from accounts.audit import record
from accounts.models import AuditEntry
from accounts.rules import Role
from tests.consoles.conftest import Browsing, Member
from tests.support.personas import BOB, DORA, make_organization, make_user

PAGE = "/console/accounts/auditentry/"


@pytest.fixture
def entry(db: None) -> AuditEntry:
    organization = make_organization("Example", owner=make_user(DORA))
    return record("organization.updated", organization, organization=organization, after={"name": "Example"})


def test_owners_read_what_was_done(browsing: Browsing, entry: AuditEntry) -> None:
    dora = browsing(DORA)
    page = dora.get(PAGE).content.decode()
    assert "organization.updated" in page
    assert f'href="{PAGE}{entry.pk}/change/' in page
    assert "Example" in dora.get(f"{PAGE}{entry.pk}/change/").content.decode()
    assert f'href="{PAGE}"' in dora.get("/console/").content.decode()


def test_the_short_address_leads_there(browsing: Browsing) -> None:
    assert browsing(DORA).get("/console/audit/", follow=True).redirect_chain == [(PAGE, 302)]


def test_strangers_find_nothing(browsing: Browsing, entry: AuditEntry) -> None:
    make_organization("Bob's", owner=make_user(BOB))
    bob = browsing(BOB)
    assert "organization.updated" not in bob.get(PAGE).content.decode()
    assert bob.get(f"{PAGE}{entry.pk}/change/").status_code in (302, 404)


@pytest.mark.parametrize(("role", "status"), [(Role.ADMIN, 200), (Role.DEVELOPER, 403), (Role.VIEWER, 403)])
def test_only_those_who_manage_may_read(member: Member, entry: AuditEntry, role: Role, status: int) -> None:
    assert entry.organization is not None
    browser: Client = member(entry.organization, role)
    assert browser.get(PAGE).status_code == status
    assert (f'href="{PAGE}"' in browser.get("/console/").content.decode()) == (status == 200)


def test_managing_one_organization_does_not_open_another(member: Member, entry: AuditEntry) -> None:
    other = make_organization("Other", owner=make_user(BOB))
    hidden = record("organization.updated", other, organization=other)
    assert entry.organization is not None
    admin = member(entry.organization, Role.ADMIN)
    admin_there = admin.get(PAGE).content.decode()
    assert f"{PAGE}{entry.pk}/" in admin_there
    assert f"{PAGE}{hidden.pk}/" not in admin_there
