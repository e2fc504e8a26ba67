"""The command `install_app` installs anything for anybody."""

import json

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from apps_registry.models import Installation
from tests.support.personas import ADA, CAPTIONS, make_app

pytestmark = pytest.mark.django_db


def test_it_prints_who_has_what(capsys: pytest.CaptureFixture[str]) -> None:
    make_app(published=False)
    for _ in range(2):
        call_command("install_app", CAPTIONS, "--user", "ADA@Example.com")
        assert json.loads(capsys.readouterr().out) == {"packageName": CAPTIONS, "userId": ADA}
    assert Installation.objects.get().user.email == ADA


def test_it_names_an_unknown_app_and_makes_no_user() -> None:
    with pytest.raises(CommandError, match=r"no app with the package name com.example.captions.*create_app"):
        call_command("install_app", CAPTIONS, "--user", ADA)
    assert not User.objects.exists()


def test_it_refuses_what_is_no_address() -> None:
    make_app()
    with pytest.raises(CommandError, match="'ada' is no e-mail address"):
        call_command("install_app", CAPTIONS, "--user", "ada")
