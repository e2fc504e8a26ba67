"""Registering an app gives everything it takes to start at once, or nothing."""

import pytest

from accounts.acting import acting_as
from accounts.errors import TooManyRequests
from accounts.limits import LIMITS
from apps_registry.errors import PackageNameTaken
from apps_registry.models import ApiKey, App, UrlCheck
from apps_registry.selectors import find_free_package_name, find_valid_key, is_installed
from apps_registry.services import note_url_check, register_with_key
from tests.support.personas import APP_URL, DORA, NOTES, make_app, make_organization, make_user

pytestmark = pytest.mark.django_db


def test_an_app_comes_with_a_key_that_works_and_is_installed() -> None:
    dora = make_user(DORA)
    app, plain = register_with_key(
        by=dora, package_name=NOTES, public_url=APP_URL, organization=make_organization(owner=dora)
    )
    assert find_valid_key(NOTES, plain) is not None
    assert is_installed(dora.pk, NOTES)
    assert app.developer == dora


def test_a_taken_name_makes_nothing() -> None:
    dora = make_user(DORA)
    home = make_app(NOTES).app.organization
    with pytest.raises(PackageNameTaken):
        register_with_key(by=dora, package_name=NOTES, public_url=APP_URL, organization=home)
    assert ApiKey.objects.count() == 1
    assert not is_installed(dora.pk, NOTES)


def test_nobody_registers_without_end() -> None:
    dora = make_user(DORA)
    home = make_organization(owner=dora)
    with acting_as(dora), pytest.raises(TooManyRequests):
        for number in range(LIMITS["app"].most + 1):
            register_with_key(by=dora, package_name=f"a.b{number}", public_url=APP_URL, organization=home)
    assert App.objects.count() == LIMITS["app"].most


def test_a_free_name_is_found() -> None:
    make_app("com.example.notes")
    make_app("com.example.notes2")
    assert find_free_package_name("com.example.notes") == "com.example.notes3"
    assert find_free_package_name("com.example.note") == "com.example.note"


def test_the_last_check_of_an_address_is_remembered() -> None:
    app = make_app().app
    note_url_check(app=app, outcome="bad", said="Nobody listens there.")
    note_url_check(app=app, outcome="good", said="x" * 400)
    check = UrlCheck.objects.get()
    assert (check.url, check.outcome, len(check.said), str(check)) == (APP_URL, "good", 300, f"{app}: good")
