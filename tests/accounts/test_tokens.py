"""Core tokens: what is let in, and that nothing else ever happens than InvalidCoreToken."""

import base64
import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.errors import InvalidCoreToken
from accounts.services import revoke_token
from accounts.tokens import (
    CLOCK_SKEW,
    INVALID,
    MAX_TOKEN_CHARACTERS,
    NO_USER_ID,
    is_revoked,
    issue_core_token,
    read_core_token,
)
from tests.support.personas import ADA, DORA, make_organization, make_user

GOOD = {"sub": "7", "email": ADA, "jti": "id-1", "exp": 4_000_000_000}


def signed(claims: dict[str, Any], *, key: Any = None, algorithm: str = "HS256", **header: Any) -> str:
    """Return a token as any holder of the secret could make it."""
    return jwt.encode(claims, key or settings.AUGMENTOS_AUTH_JWT_SECRET, algorithm, headers=header or None)


def part(content: object) -> str:
    """Return one part of a hand-made token."""
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


def refusal(token: Any) -> str:
    """Return why `token` is refused."""
    with pytest.raises(InvalidCoreToken) as refused:
        read_core_token(token)
    return refused.value.message


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in GOOD.items() if key != name}


@pytest.mark.django_db
def test_an_issued_token_reads_back_without_a_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    user = make_user(ADA)
    token = issue_core_token(user, days=3)
    with django_assert_num_queries(0):
        claims = read_core_token(token)
    assert (claims.email, claims.subject) == (ADA, str(user.pk))
    assert claims.expires_at is not None
    assert abs(claims.expires_at - datetime.now(UTC) - timedelta(days=3)) < timedelta(seconds=10)
    assert len(claims.token_id) == 32


@pytest.mark.django_db
def test_an_issued_token_lasts_as_long_as_the_setting_says(settings: Settings) -> None:
    settings.CORE_TOKEN_DAYS = 9
    expires_at = read_core_token(issue_core_token(make_user(ADA))).expires_at
    assert expires_at is not None
    assert (expires_at - datetime.now(UTC)).days in (8, 9)


@pytest.mark.django_db
def test_an_issued_token_has_exactly_the_claims_of_the_protocol() -> None:
    dora = make_user(DORA)
    first, second = make_organization("One", owner=dora), make_organization("Two", owner=dora)
    claims = jwt.decode(issue_core_token(dora), options={"verify_signature": False})
    assert set(claims) == {"sub", "email", "organizations", "defaultOrg", "iat", "exp", "jti"}
    assert claims["organizations"] == [str(first.pk), str(second.pk)]
    assert claims["defaultOrg"] == str(first.pk)


@pytest.mark.django_db
def test_no_two_tokens_share_an_id() -> None:
    user = make_user(ADA)
    assert (
        read_core_token(issue_core_token(user)).token_id != read_core_token(issue_core_token(user)).token_id
    )


def test_the_address_of_a_token_is_normalized() -> None:
    assert read_core_token(signed({**GOOD, "email": " ADA@Example.COM "})).email == ADA


@pytest.mark.parametrize("email", [None, "", "  ", "nobody", 7, [], {}, True, "a\x00@b"])
def test_a_token_without_a_usable_address_has_no_user_id(email: object) -> None:
    assert refusal(signed({**GOOD, "email": email})) == NO_USER_ID


def test_a_token_without_the_claim_of_an_address_has_no_user_id() -> None:
    assert refusal(signed(without("email"))) == NO_USER_ID


@pytest.mark.parametrize("subject", [None, "", "  ", 7, [], {}, True])
def test_a_token_needs_a_subject(subject: object) -> None:
    assert refusal(signed({**GOOD, "sub": subject})) in (INVALID, NO_USER_ID)
    assert refusal(signed(without("sub"))) == INVALID


def test_an_expired_token_is_refused_after_the_allowance_for_clocks() -> None:
    skew = CLOCK_SKEW.total_seconds()
    assert read_core_token(signed({**GOOD, "exp": int(time.time() - skew / 2)})).email == ADA
    assert refusal(signed({**GOOD, "exp": int(time.time() - skew - 5)})) == INVALID


def test_a_token_from_the_future_is_refused() -> None:
    assert refusal(signed({**GOOD, "iat": int(time.time()) + 3600})) == INVALID


def test_a_token_without_expiry_needs_the_migration_setting(settings: Settings) -> None:
    assert refusal(signed(without("exp"))) == INVALID
    settings.CORE_TOKENS_WITHOUT_EXPIRY = True
    assert read_core_token(signed(without("exp"))).expires_at is None
    assert refusal(signed({**GOOD, "exp": int(time.time()) - 3600})) == INVALID


def test_a_token_without_an_id_gets_a_steady_one() -> None:
    token = signed(without("jti"))
    token_id = read_core_token(token).token_id
    assert len(token_id) == 64
    assert read_core_token(token).token_id == token_id


@pytest.mark.parametrize("jti", [7, ["x"], "x" * 256, "a\x00b"])
def test_an_odd_id_is_refused(jti: object) -> None:
    payload = json.dumps({**GOOD, "jti": jti}).encode()
    token = jwt.PyJWS().encode(payload, settings.AUGMENTOS_AUTH_JWT_SECRET, "HS256")
    assert refusal(token) == INVALID


def test_a_foreign_signature_is_refused() -> None:
    assert refusal(signed(GOOD, key="another-secret-" + "z" * 40)) == INVALID


def test_a_changed_payload_is_refused() -> None:
    header, payload, signature = signed(GOOD).split(".")
    forged = part({**GOOD, "email": "eve@example.com"})
    assert refusal(f"{header}.{forged}.{signature}") == INVALID
    assert payload != forged


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "HS384", "HS512", "RS256", "ES256", "", None])
def test_the_algorithm_of_a_header_decides_nothing(algorithm: object) -> None:
    _, payload, signature = signed(GOOD).split(".")
    header = part({"alg": algorithm, "typ": "JWT"})
    assert refusal(f"{header}.{payload}.{signature}") == INVALID
    assert refusal(f"{header}.{payload}.") == INVALID


def test_a_token_signed_with_a_private_key_is_refused() -> None:
    private = rsa.generate_private_key(65537, 2048)
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    assert refusal(signed(GOOD, key=pem, algorithm="RS256")) == INVALID


@pytest.mark.parametrize("exp", ["soon", "4000000000", None, [], {}, 1e308, -1, 10**30, True], ids=repr)
def test_an_odd_expiry_is_read_or_refused(exp: object) -> None:
    payload = json.dumps({**GOOD, "exp": exp}).encode()
    token = jwt.PyJWS().encode(payload, settings.AUGMENTOS_AUTH_JWT_SECRET, "HS256")
    try:
        assert read_core_token(token).expires_at is not None
    except InvalidCoreToken as error:
        assert error.message == INVALID


@pytest.mark.parametrize(
    "token",
    ["", ".", "..", "a.b.c", "\ud800", "ä.ö.ü", "x" * (MAX_TOKEN_CHARACTERS + 1), None, 7, b"bytes"],
    ids=repr,
)
def test_what_is_no_token_is_refused(token: object) -> None:
    assert refusal(token) == INVALID


def test_a_hostile_header_is_refused() -> None:
    deep = base64.urlsafe_b64encode(b"[" * 5000).decode().rstrip("=")
    assert refusal(f"{deep}.e30.c2ln") == INVALID


@given(st.text())
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_read_or_refused(text: str) -> None:
    with pytest.raises(InvalidCoreToken):
        read_core_token(text)


ODD = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.lists(st.integers())


@example({"sub": "1", "email": "ada@example.com", "exp": 67768036191676800})
@given(st.dictionaries(st.sampled_from(["sub", "email", "jti", "exp", "iat", "nbf", "aud", "iss"]), ODD))
def test_any_signed_claims_are_read_or_refused(claims: dict[str, Any]) -> None:
    payload = json.dumps({**GOOD, **claims}).encode()
    token = jwt.PyJWS().encode(payload, settings.AUGMENTOS_AUTH_JWT_SECRET, "HS256")
    try:
        read = read_core_token(token)
    except InvalidCoreToken as error:
        assert error.message in (INVALID, NO_USER_ID)
    else:
        assert isinstance(read.subject, str)
        assert "@" in read.email


def test_without_a_secret_nothing_is_signed_or_read(settings: Settings) -> None:
    settings.AUGMENTOS_AUTH_JWT_SECRET = ""
    with pytest.raises(ImproperlyConfigured, match="AUGMENTOS_AUTH_JWT_SECRET"):
        read_core_token("a.b.c")


@pytest.mark.django_db
def test_a_revoked_token_is_known_by_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    claims = read_core_token(issue_core_token(make_user(ADA)))
    assert not is_revoked(claims.token_id)
    revoke_token(token_id=claims.token_id, expires_at=claims.expires_at)
    with django_assert_num_queries(1):
        assert is_revoked(claims.token_id)
