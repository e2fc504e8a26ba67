"""What operators do to people on their pages is recorded, with what changed and without secrets."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from accounts.models import AuditEntry, RevokedToken, User
from accounts.services import make_operator, revoke_token
from tests.support.audit import deeds, last_deed
from tests.support.personas import ADA, DORA, make_organization, make_token, make_user

pytestmark = pytest.mark.django_db
OPERATOR = "operator@example.com"


@pytest.fixture
def operator(client: Client) -> Client:
    """A browser in which an operator is logged in."""
    client.force_login(make_user(OPERATOR, staff=True))
    AuditEntry.objects.all().delete()
    return client


def form_of(user: User, **changes: Any) -> dict[str, Any]:
    none = {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}
    form = {"email": user.email, "name": user.name, "settings": "{}", "is_active": "on", **none, **changes}
    return {name: value for name, value in form.items() if value is not None}


def test_making_an_operator_says_what_changed(operator: Client) -> None:
    ada = make_user(ADA)
    operator.post(f"/admin/accounts/user/{ada.pk}/change/", form_of(ada, is_staff="on"))
    entry = last_deed()
    assert (entry.action, entry.actor_label, entry.target_label) == ("user.updated", OPERATOR, ADA)
    assert (entry.before, entry.after) == ({"is_staff": False}, {"is_staff": True})


def test_saving_without_a_change_says_nothing(operator: Client) -> None:
    ada = make_user(ADA)
    operator.post(f"/admin/accounts/user/{ada.pk}/change/", form_of(ada))
    assert deeds() == []


def test_people_are_made_and_removed_on_record(operator: Client) -> None:
    password = {
        "usable_password": "true",
        "password1": "a long pass phrase",
        "password2": "a long pass phrase",
    }
    operator.post("/admin/accounts/user/add/", form_of(User(email=DORA), **password))
    dora = User.objects.get(email=DORA)
    operator.post(f"/admin/accounts/user/{dora.pk}/delete/", {"post": "yes"})
    assert deeds() == ["user.made", "user.removed"]
    assert last_deed().before["email"] == DORA


def test_a_password_is_set_without_being_kept(operator: Client) -> None:
    ada, password = make_user(ADA), "a long pass phrase"
    form = {"usable_password": "true", "password1": password, "password2": password}
    assert operator.post(f"/admin/accounts/user/{ada.pk}/password/", form).status_code == 302
    assert deeds() == ["user.password_set"]
    assert password not in json.dumps([last_deed().before, last_deed().after])
    operator.post(f"/admin/accounts/user/{ada.pk}/password/", {**form, "password2": "another"})
    assert deeds() == ["user.password_set"], "a refused form is no deed"


def test_an_organization_shows_its_members_in_the_record(operator: Client) -> None:
    organization = make_organization("Example", owner=make_user(DORA))
    own = organization.memberships.get()
    AuditEntry.objects.all().delete()
    inline = {
        "memberships-TOTAL_FORMS": "1",
        "memberships-INITIAL_FORMS": "1",
        "memberships-0-id": str(own.pk),
        "memberships-0-user": str(own.user_id),
        "memberships-0-organization": str(organization.pk),
        "memberships-0-role": "viewer",
    }
    page = f"/admin/accounts/organization/{organization.pk}/change/"
    operator.post(page, {"name": "Example", "slug": organization.slug, **inline})
    entry = last_deed()
    assert (entry.action, entry.organization) == ("organization.updated", organization)
    assert (entry.before, entry.after) == ({"members": {DORA: "owner"}}, {"members": {DORA: "viewer"}})


def test_tokens_are_revoked_and_restored_on_record(operator: Client) -> None:
    operator.post("/admin/accounts/revokedtoken/add/", {"token": make_token(ADA)})
    row = RevokedToken.objects.get()
    operator.post(f"/admin/accounts/revokedtoken/{row.pk}/delete/", {"post": "yes"})
    chosen = {"action": "delete_selected", "post": "yes"}
    again = revoke_token(token_id="t-1", expires_at=datetime(2027, 1, 1, tzinfo=UTC))
    operator.post("/admin/accounts/revokedtoken/", {**chosen, "_selected_action": [again.pk]})
    assert deeds() == ["token.revoked", "token.restored", "token.revoked", "token.restored"]


def test_the_command_that_makes_operators_is_recorded_too() -> None:
    make_operator(user=make_user(ADA))
    assert (last_deed().action, last_deed().actor) == ("user.made_operator", None)


def test_who_is_deactivated_is_told_to_leave(operator: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    locked_out: list[User] = []
    monkeypatch.setattr("accounts.admin.announce_lock_out", lambda *, user: locked_out.append(user))
    ada = make_user(ADA)
    operator.post(f"/admin/accounts/user/{ada.pk}/change/", form_of(ada, name="Ada"))
    assert locked_out == []
    operator.post(f"/admin/accounts/user/{ada.pk}/change/", form_of(ada, is_active=None))
    assert locked_out == [ada]
    assert last_deed().after["is_active"] is False
