"""Browsers in which somebody is logged in to the Developer Console."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Organization
from accounts.rules import Role
from accounts.services import add_member
from tests.support.personas import make_user

Browsing = Callable[[str], Client]
Member = Callable[[Organization, Role], Client]


@pytest.fixture
def browsing(db: None) -> Browsing:
    """Return a browser for the person with an address."""

    def log_in(email: str) -> Client:
        browser = Client()
        browser.force_login(make_user(email))
        return browser

    return log_in


@pytest.fixture
def member(db: None) -> Member:
    """Return a browser for somebody with a role in an organization."""

    def log_in(organization: Organization, role: Role) -> Client:
        user = make_user(f"{role}@example.com")
        add_member(organization=organization, user=user, role=role)
        browser = Client()
        browser.force_login(user)
        return browser

    return log_in
