"""Which kind of token opens which endpoint (rest §1): every one of them is asked with every kind."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from accounts.console_tokens import issue_console_token
from accounts.services import make_cli_key
from tests.consoles.api.conftest import Caller
from tests.support.personas import DORA, make_token, make_user

ALL = {"none", "core", "console", "cli", "nonsense"}
# The longest beginning of an address that is listed decides.
OPENED_BY: dict[str, set[str]] = {
    "/api/console/": {"core", "console"},
    "/api/orgs": {"core", "console"},
    "/api/dev/": {"core", "console"},
    "/api/permissions/": {"core", "console"},
    "/api/admin/": {"core", "console"},
    "/api/cli/": {"cli"},
    "/api/app-communication/": set(),
    "/api/apps": {"core"},
    "/api/apps/public": ALL,
    "/api/apps/search": ALL,
    "/api/apps/version": ALL,
    "/api/apps/{package}": {"none", "core"},
    "/api/apps/{package}/st": {"core"},
    "/api/appsettings/": {"core"},
    "/api/appsettings/user/": set(),
    "/api/incidents": {"core"},
    "/api/error-report": {"none", "core"},
    "/api/client/": {"core"},
    "/api/client/min-version": ALL,
    "/api/client/miniapp-photo/upload/": set(),
    "/api/v2/client/": {"core"},
    "/api/v2/client/photo/upload/": set(),
    "/api/gallery": {"core"},
    "/api/hardware/": {"core"},
    "/api/photos/upload": {"core"},
    "/api/photos/relay/": ALL,
    "/api/user-data/": {"core"},
    "/api/sdk/": set(),
    "/api/sdk/version": ALL,
    "/api/account/": {"core"},
    "/api/instructions": {"none", "core", "console", "cli", "nonsense"},
    "/api/onboarding/": {"core"},
    "/api/onboarding/instructions": {"none", "core", "console", "cli", "nonsense"},
    "/api/public/": {"none", "core", "console", "cli", "nonsense"},
    "/api/streams/": set(),
    "/api/tools/": {"core"},
    "/api/transcripts/": {"core"},
    "/api/audio/stream/": {"none", "core", "console", "cli", "nonsense"},
    "/api/tts": {"core"},
    "/api/auth/": {"core"},
    "/api/auth/exchange-": ALL,
    "/api/auth/exchange-user-token": set(),
    "/api/store/": {"core"},
    "/api/store/auth/": ALL,
    "/api/store/published-apps": ALL,
    "/api/store/published-apps-loggedin": {"core"},
    "/api/store/search": {"none", "core"},
    "/api/store/{package}": {"none", "core"},
}


def endpoints() -> Iterator[tuple[str, str]]:
    """Yield method and address of all that is described."""
    for path, methods in json.loads(Client().get("/api/schema/").content)["paths"].items():
        for method in methods:
            yield method.upper(), path


@pytest.mark.django_db
def test_each_kind_of_token_opens_what_it_should_and_nothing_else() -> None:
    user = make_user(DORA)
    tokens = {
        "none": "",
        "core": make_token(DORA),
        "console": issue_console_token(user),
        "cli": make_cli_key(user=user, name="laptop")[1],
        "nonsense": "nonsense",
    }
    wrong: list[Any] = []
    for method, path in endpoints():
        opened_by = OPENED_BY[max((start for start in OPENED_BY if path.startswith(start)), key=len)]
        address = path.removeprefix("/api").replace("{", "none-").replace("}", "")
        for kind, token in tokens.items():
            code, said = Caller(token).send(method, address, None if method == "GET" else {})
            is_open = code != 401
            if is_open != (kind in opened_by) or (not is_open and sorted(said) != ["error", "message"]):
                wrong.append((method, path, kind, code, said))
    assert wrong == []
