"""Installing, uninstalling and remembering what runs."""

from datetime import date, timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from apps_registry.errors import InstallRefused
from apps_registry.models import AppSettingValues, Installation
from apps_registry.selectors import is_installed, list_running_packages
from apps_registry.services import (
    install_app,
    mark_running,
    note_failed_start,
    save_settings,
    uninstall_app,
    update_app,
)
from tests.support.personas import ADA, CAPTIONS, DORA, NOTES, make_app, make_installation, make_user

pytestmark = pytest.mark.django_db


def test_anybody_installs_a_published_app() -> None:
    ada, app = make_user(ADA), make_app().app
    installation = install_app(user=ada, app=app)
    assert is_installed(ada.pk, CAPTIONS)
    assert not installation.is_running
    assert str(installation) == f"{CAPTIONS} of {ADA}"


def test_installing_again_is_harmless() -> None:
    ada, app = make_user(ADA), make_app().app
    assert install_app(user=ada, app=app) == install_app(user=ada, app=app)
    assert Installation.objects.count() == 1


def test_an_unpublished_app_is_for_members_of_its_organization() -> None:
    app = make_app(published=False).app
    with pytest.raises(InstallRefused, match="not published"):
        install_app(user=make_user(ADA), app=app)
    install_app(user=make_user(DORA), app=app)


def test_an_operator_installs_anything() -> None:
    ada, app = make_user(ADA), make_app(published=False).app
    update_app(app=app, is_deprecated=True)
    install_app(user=ada, app=app, by_operator=True)
    assert is_installed(ada.pk, CAPTIONS)


def test_a_deprecated_app_stays_where_it_is_but_goes_nowhere_new() -> None:
    ada, app = make_user(ADA), make_app().app
    install_app(user=ada, app=app)
    update_app(app=app, is_deprecated=True)
    install_app(user=ada, app=app)
    with pytest.raises(InstallRefused, match="no longer offered"):
        install_app(user=make_user(DORA), app=app)


def test_uninstalling_is_announced_once_and_keeps_the_settings(ear: Any) -> None:
    ada, app = make_user(ADA), make_app().app
    install_app(user=ada, app=app)
    save_settings(user=ada, app=app, changes={"key": "size", "value": 14})
    with ear.listening():
        assert uninstall_app(user=ada, app=app)
    with ear.listening():
        assert not uninstall_app(user=ada, app=app)
    assert ear.facts("app_uninstalled") == [{"user": ada, "app": app}]
    assert not is_installed(ada.pk, CAPTIONS)
    assert AppSettingValues.objects.count() == 1


def test_what_runs_is_remembered_in_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    ada = make_user(ADA)
    make_app(CAPTIONS, installed_for=[ada])
    make_app(NOTES, installed_for=[ada])
    with django_assert_num_queries(1):
        assert mark_running(ada.pk, CAPTIONS, True)
    assert list_running_packages(ada) == [CAPTIONS]
    used_at = Installation.objects.get(app__package_name=CAPTIONS).last_active_at
    assert used_at is not None
    assert mark_running(user_id=ada.pk, package=CAPTIONS, running=False)
    assert list_running_packages(ada) == []
    assert Installation.objects.get(app__package_name=CAPTIONS).last_active_at == used_at


def test_a_day_of_failures_counts_once_and_the_third_ends_it() -> None:
    ada, today = make_user(ADA), date(2026, 1, 2)
    make_installation(ada, make_app(CAPTIONS).app, running=True)
    for day in (today, today, today + timedelta(days=1)):
        assert not note_failed_start(ada.pk, CAPTIONS, day)
    assert list_running_packages(ada) == [CAPTIONS]
    assert note_failed_start(ada.pk, CAPTIONS, today + timedelta(days=9))
    assert list_running_packages(ada) == []
    assert not note_failed_start(ada.pk, CAPTIONS, today + timedelta(days=10))


def test_what_is_not_installed_cannot_run_again() -> None:
    make_app()
    assert not mark_running(make_user(ADA).pk, CAPTIONS, True)
