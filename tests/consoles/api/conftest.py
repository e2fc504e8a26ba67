"""Programs that speak for somebody."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client

from accounts.models import Organization
from accounts.rules import Role
from accounts.services import add_member, make_cli_key
from tests.support.personas import make_token, make_user


@dataclass
class Caller:
    """Sends JSON with a token and returns status and body."""

    token: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def send(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Ask for `path` below /api."""
        headers = {**self.headers, **({"authorization": f"Bearer {self.token}"} if self.token else {})}
        text = "" if body is None else json.dumps(body)
        answer = Client().generic(method, f"/api{path}", text, "application/json", headers=headers)
        return answer.status_code, answer.json()

    def get(self, path: str) -> tuple[int, Any]:
        return self.send("GET", path)

    def post(self, path: str, body: Any = None) -> tuple[int, Any]:
        return self.send("POST", path, body)

    def put(self, path: str, body: Any) -> tuple[int, Any]:
        return self.send("PUT", path, body)

    def patch(self, path: str, body: Any) -> tuple[int, Any]:
        return self.send("PATCH", path, body)

    def delete(self, path: str) -> tuple[int, Any]:
        return self.send("DELETE", path)


Calling = Callable[[str], Caller]
CallingMember = Callable[[Organization, Role], Caller]


@pytest.fixture
def calling(db: None) -> Calling:
    """Return a program that speaks, by core token, for the person with an address."""
    return lambda email: Caller(make_token(email))


@pytest.fixture
def calling_member(db: None) -> CallingMember:
    """Return a program of somebody with a role in an organization."""

    def call(organization: Organization, role: Role) -> Caller:
        user = make_user(f"{role}@example.com")
        add_member(organization=organization, user=user, role=role)
        return Caller(make_token(user.email))

    return call


@pytest.fixture
def command_line(db: None) -> Calling:
    """Return a command line with a key of the person with an address."""
    return lambda email: Caller(make_cli_key(user=make_user(email), name="laptop")[1])
