"""The command `issue_token` prints a token and nothing else."""

from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from accounts.tokens import read_core_token
from tests.support.personas import ADA, make_user

pytestmark = pytest.mark.django_db


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Return what the command wrote to stdout."""
    call_command("issue_token", *arguments)
    return capsys.readouterr().out


def test_it_prints_one_line_with_a_good_token(capsys: pytest.CaptureFixture[str]) -> None:
    output = printed(capsys, "ADA@Example.com")
    assert output.count("\n") == 1
    claims = read_core_token(output.strip())
    assert claims.email == ADA
    assert claims.subject == str(User.objects.get(email=ADA).pk)


def test_it_honours_the_number_of_days(capsys: pytest.CaptureFixture[str]) -> None:
    expires_at = read_core_token(printed(capsys, ADA, "--days", "2").strip()).expires_at
    assert expires_at is not None
    assert (expires_at - datetime.now(UTC)).days in (1, 2)


def test_it_makes_an_operator_when_asked(capsys: pytest.CaptureFixture[str]) -> None:
    printed(capsys, ADA)
    assert not User.objects.get(email=ADA).is_staff
    printed(capsys, ADA, "--staff")
    assert User.objects.get(email=ADA).is_staff


@pytest.mark.parametrize("days", ["0", "-1", "100000"])
def test_it_refuses_a_senseless_number_of_days(days: str) -> None:
    with pytest.raises(CommandError, match="--days must be between"):
        call_command("issue_token", ADA, f"--days={days}")


def test_it_refuses_what_is_no_address() -> None:
    with pytest.raises(CommandError, match="'ada' is no e-mail address"):
        call_command("issue_token", "ada")


def test_it_refuses_a_deactivated_user() -> None:
    user = make_user(ADA)
    user.is_active = False
    user.save()
    with pytest.raises(CommandError, match="deactivated"):
        call_command("issue_token", ADA)
