"""Pages of origins we were told of may send credentials; others may call without any (rest §1)."""

import pytest
from django.test import Client
from pytest_django import Settings

CONSOLE = "https://console.example"


@pytest.fixture(autouse=True)
def _origins(settings: Settings) -> None:
    settings.CORS_ALLOWED_ORIGINS = [CONSOLE]


def ask(client: Client, origin: str, path: str = "/api/none") -> dict[str, str]:
    answer = client.get(path, headers={"origin": origin})
    return {name: value for name, value in answer.items() if name.startswith("access-control-allow")}


def test_a_known_origin_may_send_credentials(client: Client) -> None:
    assert ask(client, CONSOLE) == {
        "access-control-allow-origin": CONSOLE,
        "access-control-allow-credentials": "true",
    }


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "http://console.example", f"{CONSOLE}.evil.example", "null", "::"]
)
def test_any_other_origin_may_not(client: Client, origin: str) -> None:
    assert ask(client, origin) == {"access-control-allow-origin": "*"}


def test_pages_are_not_for_other_origins(client: Client) -> None:
    assert ask(client, CONSOLE, "/accounts/login/") == {}


def test_a_browser_that_asks_beforehand_is_told(client: Client) -> None:
    for origin, allowed in ((CONSOLE, CONSOLE), ("https://evil.example", "*")):
        asked = {"origin": origin, "access-control-request-method": "PUT"}
        answer = client.options("/api/console/apps/com.example.a", headers=asked)

        assert answer.status_code == 200
        assert answer["access-control-allow-origin"] == allowed
        assert "PUT" in answer["access-control-allow-methods"]
        assert "authorization" in answer["access-control-allow-headers"]
        assert "x-org-id" in answer["access-control-allow-headers"]
