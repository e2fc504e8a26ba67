"""People and apps on the operators' site: what they have and do, and how everything of theirs is revoked."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.models import Group, Permission
from django.test import Client

from accounts.models import User
from apps_registry.models import ApiKey
from sessions_app.app_runs.rules import RunEvent
from tests.support.audit import deeds, last_deed
from tests.support.personas import ADA, CAPTIONS, make_app, make_user
from tests.support.sessions import connect_phone, play

pytestmark = pytest.mark.django_db


def page(operator: Client, path: str) -> str:
    answer = operator.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_person_shows_sessions_and_apps(operator: Client) -> None:
    ada = make_user(ADA)
    make_app(installed_for=[ada])
    ref = connect_phone(ada).ref
    text = page(operator, f"/admin/accounts/user/{ada.pk}/change/")
    for part in (ref.session_id, CAPTIONS, "Log out everywhere", "All they did"):
        assert part in text, part


def test_somebody_is_logged_out_after_a_question(operator: Client) -> None:
    ada = make_user(ADA)
    path = f"/admin/accounts/user/{ada.pk}/log-out/"
    assert "stop working now" in page(operator, path)
    assert User.objects.get(pk=ada.pk).logged_out_at is None
    text = operator.post(path, follow=True).content.decode()
    assert "is logged out everywhere" in text
    assert User.objects.get(pk=ada.pk).logged_out_at is not None
    assert last_deed().actor_label == "operator@example.com"


def test_an_app_shows_where_it_runs(operator: Client) -> None:
    app = make_app().app
    play(connect_phone(make_user(ADA)).ref, RunEvent.START, RunEvent.ATTACHED)
    text = page(operator, f"/admin/apps_registry/app/{app.pk}/change/")
    for part in ('state-running">running</span> <b>1</b>', "Its sessions", "Versions", "Revoke all keys"):
        assert part in text, part


def test_all_keys_of_an_app_are_revoked_after_a_question(operator: Client) -> None:
    app = make_app().app
    path = f"/admin/apps_registry/app/{app.pk}/revoke-keys/"
    assert "stops working now" in page(operator, path)
    assert ApiKey.objects.filter(revoked_at=None).exists()
    assert "No key of" in operator.post(path, follow=True).content.decode()
    assert not ApiKey.objects.filter(revoked_at=None).exists()
    assert last_deed().action == "key.revoked"


@pytest.mark.parametrize("what", ["accounts/user/{}/log-out/", "apps_registry/app/{}/revoke-keys/"])
def test_who_may_only_look_revokes_nothing(client: Client, what: str) -> None:
    viewer, app = make_user("viewer@example.com"), make_app().app
    viewer.is_staff = True
    viewer.save()
    viewer.user_permissions.set(Permission.objects.filter(codename__in=("view_user", "view_app")))
    client.force_login(viewer)
    key = viewer.pk if "user" in what else app.pk
    assert client.post(f"/admin/{what.format(key)}").status_code == 403
    assert ApiKey.objects.filter(revoked_at=None).exists()


def test_a_second_factor_is_removed_on_record_and_its_secret_never_shown(operator: Client) -> None:
    secret = generate_totp_secret()
    TOTP.activate(make_user(ADA), secret)
    factor = Authenticator.objects.get()
    pages = "/admin/mfa/authenticator/"
    text = page(operator, pages) + page(operator, f"{pages}{factor.pk}/change/")
    assert ADA in text
    assert secret not in text
    assert "secret" not in text
    operator.post(f"{pages}{factor.pk}/delete/", {"post": "yes"})
    assert not Authenticator.objects.exists()
    assert last_deed().action == "user.second_factor_removed"


def test_what_groups_may_do_is_recorded(operator: Client) -> None:
    may = Permission.objects.get(codename="view_usersession")
    operator.post("/admin/auth/group/add/", {"name": "Support", "permissions": [may.pk]})
    assert Group.objects.get().name == "Support"
    assert "group.made" in deeds()
    assert last_deed().after["permissions"] == ["view_usersession"]
