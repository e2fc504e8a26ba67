"""Tokens of command lines and of the console: each is good for its own purpose only."""

from datetime import timedelta
from typing import Any

import jwt
import pytest
from django.conf import settings as current
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.cli_tokens import read_cli_token
from accounts.console_tokens import issue_console_token, read_console_token
from accounts.errors import InvalidCliToken, InvalidConsoleToken, InvalidCoreToken
from accounts.models import CliKey
from accounts.rules import digest_of
from accounts.services import admit_user, make_cli_key
from accounts.tokens import issue_core_token, read_core_token
from tests.support.personas import ADA, DORA, make_user

pytestmark = pytest.mark.django_db
OTHER_SECRET = "z" * 48
HOSTILE = ("", "x", "a.b.c", "\ud800", "x" * 9000, None, 7)


def refused_cli(token: Any) -> bool:
    with pytest.raises(InvalidCliToken):
        read_cli_token(token)
    return True


def refused_console(token: Any) -> bool:
    with pytest.raises(InvalidConsoleToken):
        read_console_token(token)
    return True


def refused_core(token: str) -> bool:
    with pytest.raises(InvalidCoreToken):
        read_core_token(token)
    return True


def test_a_cli_token_has_the_claims_of_the_protocol() -> None:
    key, token = make_cli_key(user=make_user(DORA), name="laptop", expires_in_days=2)
    claims = jwt.decode(token, options={"verify_signature": False})
    assert key.expires_at is not None
    assert claims == {
        "email": DORA,
        "type": "cli",
        "keyId": key.key_id,
        "name": "laptop",
        "iat": int(key.created_at.timestamp()),
        "exp": int(key.expires_at.timestamp()),
    }
    _, endless = make_cli_key(user=make_user(DORA), name="server")
    assert "exp" not in jwt.decode(endless, options={"verify_signature": False})


def test_a_cli_token_is_read_in_one_query_and_its_use_is_noted_to_the_minute(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    key, token = make_cli_key(user=make_user(DORA), name="laptop")
    assert read_cli_token(token) == key
    with django_assert_num_queries(1):
        assert read_cli_token(token).user.email == DORA
    CliKey.objects.update(last_used_at=timezone.now() - timedelta(minutes=1))
    with django_assert_num_queries(2):
        read_cli_token(token)


def test_each_kind_of_token_opens_its_own_door() -> None:
    dora = make_user(DORA)
    _, cli = make_cli_key(user=dora, name="laptop")
    console, core = issue_console_token(dora), issue_core_token(dora)
    assert all([refused_core(cli), refused_core(console), refused_console(cli)])
    assert all([refused_cli(console), refused_cli(core)])
    assert read_console_token(console).email == read_console_token(core).email == DORA
    assert admit_user(claims=read_console_token(console)) == dora


@pytest.mark.parametrize("token", HOSTILE)
def test_nonsense_is_refused(token: Any) -> None:
    assert refused_cli(token)
    assert refused_console(token)


def test_only_our_own_signature_counts() -> None:
    dora = make_user(DORA)
    key, token = make_cli_key(user=dora, name="laptop")
    claims = jwt.decode(token, options={"verify_signature": False})
    forged = jwt.encode(claims, OTHER_SECRET, "HS256")
    unsigned = jwt.encode(claims, "", "none")
    CliKey.objects.filter(pk=key.pk).update(digest=digest_of(forged))
    assert refused_cli(forged)
    assert refused_cli(unsigned)
    assert refused_cli(token)


def test_an_expired_key_is_refused_by_its_token_and_by_its_row() -> None:
    key, token = make_cli_key(user=make_user(DORA), name="laptop", expires_in_days=1)
    CliKey.objects.filter(pk=key.pk).update(expires_at=timezone.now())
    assert refused_cli(token)
    old = {"email": DORA, "type": "cli", "exp": timezone.now() - timedelta(days=1)}
    expired = jwt.encode(old, current.AUGMENTOS_AUTH_JWT_SECRET, "HS256")
    CliKey.objects.filter(pk=key.pk).update(expires_at=None, digest=digest_of(expired))
    assert refused_cli(expired)


def test_a_person_who_was_switched_off_has_no_key() -> None:
    dora = make_user(DORA)
    _, token = make_cli_key(user=dora, name="laptop")
    dora.is_active = False
    dora.save()
    assert refused_cli(token)


def test_a_console_token_ends() -> None:
    assert refused_console(issue_console_token(make_user(ADA), life=-timedelta(hours=1)))


@pytest.mark.parametrize("missing", ["exp", "email", "jti", "type"])
def test_a_console_token_lacks_nothing(missing: str) -> None:
    claims = {"email": ADA, "type": "console", "jti": "x", "exp": timezone.now() + timedelta(hours=1)}
    del claims[missing]
    assert refused_console(jwt.encode(claims, current.AUGMENTOS_AUTH_JWT_SECRET, "HS256"))


def test_the_console_may_have_a_secret_of_its_own(settings: Settings) -> None:
    dora = make_user(DORA)
    before = issue_console_token(dora)
    settings.CONSOLE_AUTH_JWT_SECRET = OTHER_SECRET
    assert refused_console(before)
    token = issue_console_token(dora)
    jwt.decode(token, OTHER_SECRET, ["HS256"])
    assert read_console_token(token).email == DORA
    assert read_console_token(issue_core_token(dora)).email == DORA
