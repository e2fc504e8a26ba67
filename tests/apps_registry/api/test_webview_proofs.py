"""What proves to an app's page where it comes from and who looks at it (rest §3.1)."""

import hashlib
import json
from datetime import timedelta
from typing import Any

import jwt
import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from apps_registry.models import ApiKey
from apps_registry.services import revoke_all_keys, roll_api_key
from apps_registry.webview_selectors import webview_key_digest
from mentra_site.settings.secrets import embedded_user_token_key
from tests.support.personas import ADA, BOB, CAPTIONS, NOTES, RegisteredApp, make_app, make_token, make_user

pytestmark = pytest.mark.django_db

CLOUD = "https://cloud.example.com"


@pytest.fixture
def captions() -> RegisteredApp:
    return make_app(CAPTIONS)


@pytest.fixture(scope="module")
def pem(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return a key as an embedded installation makes it, the same each time it is asked for."""
    folder = tmp_path_factory.mktemp("data")
    made = embedded_user_token_key(folder)
    assert embedded_user_token_key(folder) == made
    assert (folder / "user_token_key.pem").stat().st_mode & 0o777 == 0o600
    return made


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def ask(what: str, body: Any, email: str = ADA, prefix: str = "/api/auth") -> tuple[int, dict[str, Any]]:
    headers = {"authorization": f"Bearer {make_token(email)}"}
    answer = Client().post(f"{prefix}/{what}", json.dumps(body), "application/json", headers=headers)
    return answer.status_code, answer.json()


@pytest.mark.parametrize("prefix", ["/api/auth", "/auth"])
def test_the_checksum_is_what_the_sdk_computes(
    captions: RegisteredApp, settings: Settings, prefix: str
) -> None:
    settings.PUBLIC_URL, settings.WEBVIEW_CLOUD_URLS = CLOUD, ["http://10.0.0.5:8000"]
    for address in (CLOUD, f"{CLOUD}:443", "http://10.0.0.5:8000"):
        body = {"stringToHash": address, "packageName": CAPTIONS}
        expected = sha256(address + sha256(captions.api_key))
        assert ask("hash-with-api-key", body, prefix=prefix) == (200, {"success": True, "hash": expected})


@pytest.mark.parametrize(
    "text", ["", "bob@example.com", "https://evil.example", f"{CLOUD}@evil.example", "\ud800", 5]
)
def test_nothing_is_hashed_that_would_deceive_an_app(
    captions: RegisteredApp, settings: Settings, text: Any
) -> None:
    settings.PUBLIC_URL = CLOUD
    code, said = ask("hash-with-api-key", {"stringToHash": text, "packageName": CAPTIONS})
    assert (code, said["success"]) == (400, False)


@pytest.mark.parametrize("what", ["hash-with-api-key", "generate-webview-signed-user-token"])
def test_only_for_apps_one_could_install_and_that_have_a_key(
    what: str, captions: RegisteredApp, settings: Settings
) -> None:
    settings.PUBLIC_URL = CLOUD
    make_app(NOTES, published=False)
    assert ask(what, {"stringToHash": CLOUD, "packageName": NOTES}, BOB)[0] == 404
    revoke_all_keys(app=captions.app)
    assert ask(what, {"stringToHash": CLOUD, "packageName": CAPTIONS})[0] == 409


def test_the_key_used_last_counts_and_of_unused_ones_the_newest(captions: RegisteredApp) -> None:
    app, now = captions.app, timezone.now()
    old = ApiKey.objects.get(app=app)
    new, _ = roll_api_key(key=old, overlap=timedelta(hours=1))
    assert webview_key_digest(app) == new.digest

    ApiKey.objects.filter(pk=old.pk).update(last_used_at=now)
    assert webview_key_digest(app) == old.digest
    ApiKey.objects.filter(pk=new.pk).update(last_used_at=now + timedelta(seconds=1))
    assert webview_key_digest(app) == new.digest
    ApiKey.objects.filter(pk=new.pk).update(revoked_at=now)
    assert webview_key_digest(app) == old.digest


def test_a_signed_token_names_its_user(captions: RegisteredApp, settings: Settings, pem: str) -> None:
    settings.USER_TOKEN_PRIVATE_KEY = pem.replace("\n", "\\n")

    code, said = ask("generate-webview-signed-user-token", {"packageName": CAPTIONS})

    assert (code, said["success"], said["expiresIn"]) == (200, True, "10m")
    published = Client().get("/.well-known/jwks.json")
    (key,) = published.json()["keys"]
    assert (key["kid"], key["alg"], key["use"], "d" in key) == ("v1", "RS256", "sig", False)
    assert published["Access-Control-Allow-Origin"] == "*"
    assert jwt.get_unverified_header(said["token"]) == {"alg": "RS256", "kid": "v1", "typ": "JWT"}
    claims = jwt.decode(
        said["token"], jwt.PyJWK(key), algorithms=["RS256"], issuer="https://prod.augmentos.cloud"
    )
    assert claims["sub"] == ADA
    assert claims["frontendToken"] == f"{ADA}:{sha256(ADA + sha256(captions.api_key))}"
    assert claims["exp"] - claims["iat"] == 600


def test_the_command_prints_the_public_key(
    captions: RegisteredApp, settings: Settings, pem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.USER_TOKEN_PRIVATE_KEY = pem
    token = ask("generate-webview-signed-user-token", {"packageName": CAPTIONS})[1]["token"]
    call_command("user_token_key")
    printed = capsys.readouterr().out
    assert printed.startswith("-----BEGIN PUBLIC KEY-----\n")
    assert jwt.decode(token, printed, algorithms=["RS256"])["sub"] == make_user(ADA).email


def test_without_a_key_nothing_is_signed(captions: RegisteredApp, settings: Settings) -> None:
    settings.USER_TOKEN_PRIVATE_KEY = ""
    code, said = ask("generate-webview-signed-user-token", {"packageName": CAPTIONS})
    assert (code, said["success"], said["code"]) == (503, False, "signing_key_missing")
    assert Client().get("/.well-known/jwks.json").json() == {"keys": []}
    with pytest.raises(CommandError, match="USER_TOKEN_PRIVATE_KEY"):
        call_command("user_token_key")
