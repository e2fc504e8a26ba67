"""A token in the upgrade names app and key; it never lets anybody in by itself."""

from collections.abc import Mapping

import jwt
import pytest
from django.conf import settings

from sessions_app.protocol.codes import ErrorCode
from sessions_app.transport.app_token import RefusedUpgrade, with_token

CLAIMS = {"packageName": "com.example.captions", "apiKey": "0f" * 32}


def _headers(claims: Mapping[str, object], secret: str | None = None, **more: str) -> dict[str, str]:
    token = jwt.encode(dict(claims), secret or settings.AUGMENTOS_AUTH_JWT_SECRET, algorithm="HS256")
    return {"authorization": f"Bearer {token}", **more}


def test_headers_without_a_token_stay_as_they_are() -> None:
    headers = {"x-user-id": "ada@example.com"}
    assert with_token(headers) is headers


def test_a_token_names_app_and_key() -> None:
    headers = with_token(_headers(CLAIMS, **{"x-user-id": "ada@example.com"}))
    assert headers["x-package-name"] == CLAIMS["packageName"]
    assert headers["x-api-key"] == CLAIMS["apiKey"]


def test_headers_win_over_the_token() -> None:
    given = {"x-user-id": "ada@example.com", "x-package-name": "com.example.notes"}
    assert with_token(_headers(CLAIMS, **given))["x-package-name"] == "com.example.notes"


def test_a_token_without_a_user_is_refused() -> None:
    with pytest.raises(RefusedUpgrade) as refusal:
        with_token(_headers(CLAIMS))
    assert refusal.value.code is ErrorCode.MISSING_HEADERS


def test_a_token_of_somebody_else_is_refused() -> None:
    with pytest.raises(RefusedUpgrade) as refusal:
        with_token(_headers(CLAIMS, "z" * 40))
    assert refusal.value.code is ErrorCode.JWT_SIGNATURE_FAILED


@pytest.mark.parametrize("token", ["nonsense", "a.b.c", "é", "e30.e30."])
def test_what_is_no_token_is_refused(token: str) -> None:
    with pytest.raises(RefusedUpgrade) as refusal:
        with_token({"authorization": f"Bearer {token}", "x-user-id": "ada@example.com"})
    assert refusal.value.code is ErrorCode.JWT_INVALID


def test_claims_of_another_type_name_nobody() -> None:
    headers = with_token(_headers({"packageName": 5, "apiKey": None}, **{"x-user-id": "ada@example.com"}))
    assert headers["x-package-name"] == ""
