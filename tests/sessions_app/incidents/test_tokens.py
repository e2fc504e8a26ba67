"""An upload token is good for its own purpose, for five minutes."""

from datetime import timedelta

import pytest

from accounts.errors import InvalidCoreToken
from accounts.tokens import backend, read_core_token
from sessions_app.incidents import tokens
from sessions_app.incidents.tokens import UploadGrant, issue_upload_token, read_upload_token
from tests.support.personas import ADA, CAPTIONS, make_token

GRANT = UploadGrant("i1", CAPTIONS, ADA)


def test_a_token_grants_what_it_was_made_for(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_upload_token(issue_upload_token(GRANT)) == GRANT
    monkeypatch.setattr(tokens, "LIFETIME", timedelta(minutes=-5))
    assert read_upload_token(issue_upload_token(GRANT)) is None


@pytest.mark.parametrize("text", ["", "x", "eyJ.eyJ.x", "é", None, 5, "x" * 5_000])
def test_other_texts_grant_nothing(text: object) -> None:
    assert read_upload_token(text) is None


@pytest.mark.django_db
def test_it_is_no_core_token_and_a_core_token_is_none_of_these() -> None:
    with pytest.raises(InvalidCoreToken):
        read_core_token(issue_upload_token(GRANT))
    assert read_upload_token(make_token(ADA)) is None
    claims = {"incidentId": "i1", "packageName": CAPTIONS, "userId": ADA, "purpose": "something_else"}
    assert read_upload_token(backend(tokens._secret()).encode(claims)) is None
