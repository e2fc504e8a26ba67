"""Each error code has facts, and only handshake errors close."""

import pytest

from sessions_app.protocol.codes import ERROR_FACTS, CloseCode, CloseReason, ErrorCode

CLOSING = {
    "AUTHENTICATION_FAILED": CloseCode.POLICY_VIOLATION,
    "INVALID_TOKEN": CloseCode.POLICY_VIOLATION,
    "SESSION_ERROR": CloseCode.INTERNAL_ERROR,
    "INVALID_API_KEY": CloseCode.POLICY_VIOLATION,
    "PACKAGE_NOT_FOUND": CloseCode.POLICY_VIOLATION,
    "SESSION_NOT_FOUND": CloseCode.POLICY_VIOLATION,
    "APP_NOT_STARTED": CloseCode.POLICY_VIOLATION,
    "APP_DEPRECATED": CloseCode.POLICY_VIOLATION,
    "INVALID_JWT": CloseCode.POLICY_VIOLATION,
    "JWT_INVALID": CloseCode.POLICY_VIOLATION,
    "JWT_SIGNATURE_FAILED": CloseCode.POLICY_VIOLATION,
    "MISSING_HEADERS": CloseCode.POLICY_VIOLATION,
    "INTERNAL_ERROR": CloseCode.INTERNAL_ERROR,
}
LONGEST_CLOSE_REASON_BYTES = 123


@pytest.mark.parametrize("code", ErrorCode)
def test_each_code_says_whether_a_handshake_ends_with_it(code: ErrorCode) -> None:
    facts = ERROR_FACTS[code]
    assert facts.close_code == CLOSING.get(code.value)
    assert facts.closes is (code.value in CLOSING)
    assert facts.message


@pytest.mark.parametrize("code", ErrorCode)
def test_a_refused_key_or_app_is_not_worth_another_try(code: ErrorCode) -> None:
    facts = ERROR_FACTS[code]
    if facts.close_code is CloseCode.POLICY_VIOLATION:
        assert not facts.retry


@pytest.mark.parametrize("reason", CloseReason)
def test_a_close_reason_fits_into_a_close_frame(reason: CloseReason) -> None:
    assert len(reason.encode()) <= LONGEST_CLOSE_REASON_BYTES
