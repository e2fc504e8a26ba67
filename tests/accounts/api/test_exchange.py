"""Signing in with another identity provider: its token for one of ours (rest §3)."""

import json
import time
from collections.abc import Iterator
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from django.test import Client
from pytest_django import Settings

from accounts import id_tokens
from accounts.models import User
from accounts.services import log_out_everywhere
from accounts.tokens import read_core_token
from tests.support.identity_provider import AUDIENCE, IdentityProvider, new_key, running_provider
from tests.support.personas import ADA, make_user

pytestmark = pytest.mark.django_db

ADDRESSES = ("/api/auth/exchange-token", "/auth/exchange-token", "/api/store/auth/exchange-token")
# Seconds since 1970: of 2020 and of 2096.
LONG_AGO, LATER = 1_600_000_000, 4_000_000_000


@pytest.fixture(scope="module")
def key() -> RSAPrivateKey:
    return new_key()


@pytest.fixture
def provider(
    key: RSAPrivateKey, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[IdentityProvider]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    # A port may come back with another provider on it.
    id_tokens._keys_of.cache_clear()
    with running_provider(key) as running:
        settings.OIDC_PROVIDERS = {running.issuer: ["other", AUDIENCE]}
        yield running


def exchange(token: Any, name: str = "idToken", address: str = ADDRESSES[0]) -> tuple[int, dict[str, Any]]:
    answer = Client().post(address, json.dumps({name: token}), "application/json")
    return answer.status_code, answer.json()


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("name", ["idToken", "supabaseToken", "authingToken"])
def test_a_good_token_is_exchanged(provider: IdentityProvider, address: str, name: str) -> None:
    code, said = exchange(provider.token(), name, address)

    assert (code, list(said)) == (200, ["coreToken"])
    claims = read_core_token(said["coreToken"])
    assert (claims.email, claims.subject) == (ADA, str(User.objects.get(email=ADA).pk))
    written = jwt.decode(said["coreToken"], options={"verify_signature": False})
    assert {"sub", "email", "organizations", "defaultOrg", "exp", "jti"} <= written.keys()


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": LONG_AGO},
        {"exp": None},
        {"iat": None},
        {"iat": LATER},
        {"nbf": LATER},
        {"aud": "somebody else"},
        {"aud": None},
        {"iss": "https://elsewhere.example"},
        {"iss": None},
        {"sub": None},
        {"email": None},
        {"email": "no address"},
        {"email_verified": None},
        {"email_verified": False},
        {"email_verified": "false"},
        {"email_verified": 1.5},
    ],
    ids=str,
)
def test_a_token_that_says_something_wrong_is_not(provider: IdentityProvider, claims: dict[str, Any]) -> None:
    assert exchange(provider.token(**claims)) == (401, {"error": "Invalid or expired token"})
    assert not User.objects.exists()


def test_a_token_signed_by_another_key_is_not(provider: IdentityProvider) -> None:
    assert exchange(provider.token(key=new_key()))[0] == 401


def test_the_public_key_is_no_secret_to_sign_with(
    provider: IdentityProvider, key: RSAPrivateKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    pem = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    monkeypatch.setattr("jwt.algorithms.is_pem_format", lambda text: False)
    assert exchange(provider.token(key=pem, algorithm="HS256"))[0] == 401


def test_a_token_without_signature_is_not(provider: IdentityProvider) -> None:
    said = jwt.decode(provider.token(), options={"verify_signature": False})
    assert exchange(jwt.encode(said, "", "none", headers={"kid": "one"}))[0] == 401


@pytest.mark.parametrize(
    "token", ["x", "a.b.c", "ü" * 50, "\ud800", "x" * 9000, "eyJhbGciOiJSUzI1NiJ9.W10.eA"]
)
def test_nonsense_is_not(provider: IdentityProvider, token: str) -> None:
    assert exchange(token)[0] in (400, 401)
    assert provider.asked == []


@pytest.mark.parametrize("body", ["{}", '{"idToken":""}', '{"idToken":null}', '{"idToken":[]}', "[]", "{"])
def test_without_a_token_there_is_nothing_to_exchange(body: str) -> None:
    assert Client().post(ADDRESSES[0], body, "application/json").status_code == 400


def test_keys_are_kept_and_a_new_one_is_fetched_once(
    provider: IdentityProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(id_tokens, "UNKNOWN_KEY_SECONDS", 0.0)
    exchange(provider.token())
    exchange(provider.token())
    assert provider.asked == ["/.well-known/openid-configuration", "/keys"]

    provider.keys = {"two": new_key()}
    assert exchange(provider.token(kid="two"))[0] == 200
    assert len(provider.asked) == 4


def test_unknown_keys_do_not_make_us_ask_all_the_time(provider: IdentityProvider) -> None:
    exchange(provider.token())
    strange = new_key()
    assert {exchange(provider.token(kid=f"k{number}", key=strange))[0] for number in range(5)} == {401}
    assert len(provider.asked) == 2


@pytest.mark.parametrize(
    "discovery",
    [{"issuer": "https://elsewhere.example"}, {"jwks_uri": "http://keys.example/"}, {"jwks_uri": None}],
)
def test_a_provider_that_does_not_hold_together_is_away(
    provider: IdentityProvider, discovery: dict[str, Any]
) -> None:
    provider.discovery |= discovery
    assert exchange(provider.token())[0] == 502
    assert exchange(provider.token())[0] == 502
    assert provider.asked == ["/.well-known/openid-configuration"]


def test_a_provider_that_is_gone_is_away(provider: IdentityProvider, settings: Settings) -> None:
    gone = "http://127.0.0.1:1"
    settings.OIDC_PROVIDERS = {gone: [AUDIENCE]}
    assert exchange(provider.token(iss=gone))[0] == 502


def test_who_was_shut_out_stays_out(provider: IdentityProvider) -> None:
    ada, token = make_user(ADA), provider.token()
    log_out_everywhere(user=ada)
    assert exchange(token)[0] == 401
    assert exchange(provider.token(iat=int(time.time()) + 2))[0] == 200
    ada.is_active = False
    ada.save()
    assert exchange(provider.token(iat=int(time.time()) + 2))[0] == 401
