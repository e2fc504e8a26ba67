"""Apps change hands between organizations of one person."""

import pytest

from accounts.acting import acting_as
from accounts.errors import NotAllowed
from accounts.models import AuditEntry
from accounts.rules import Role
from accounts.services import add_member
from apps_registry.errors import RegistryError
from apps_registry.models import App
from apps_registry.selectors import find_valid_key
from apps_registry.services import move_app
from tests.support.personas import ADA, BOB, CAPTIONS, DORA, make_app, make_organization, make_user

pytestmark = pytest.mark.django_db


def test_an_app_moves_with_its_keys_and_users_and_both_sides_know() -> None:
    dora, ada = make_user(DORA), make_user(ADA)
    made = make_app(installed_for=[ada])
    source, target = made.app.organization, make_organization("Target")
    with acting_as(dora):
        move_app(by=dora, app=made.app, organization=target)
    assert App.objects.get().organization == target
    assert find_valid_key(CAPTIONS, made.api_key)
    assert ada.installations.count() == 1
    entries = AuditEntry.objects.filter(action="app.moved", actor=dora)
    assert {entry.organization for entry in entries} == {source, target}
    assert {entry.after["organization"] for entry in entries} == {"Target"}


@pytest.mark.parametrize(
    ("in_source", "in_target", "works"),
    [
        (Role.ADMIN, Role.DEVELOPER, True),
        (Role.OWNER, Role.VIEWER, False),
        (Role.OWNER, None, False),
        (Role.DEVELOPER, Role.OWNER, False),
        (None, Role.OWNER, False),
    ],
)
def test_it_takes_a_role_on_both_sides(in_source: Role | None, in_target: Role | None, works: bool) -> None:
    app, target, bob = make_app().app, make_organization("Target"), make_user(BOB)
    source = app.organization
    for organization, role in ((source, in_source), (target, in_target)):
        if role is not None:
            add_member(organization=organization, user=bob, role=role)
    if works:
        move_app(by=bob, app=app, organization=target)
    else:
        with pytest.raises(NotAllowed):
            move_app(by=bob, app=app, organization=target)
    assert App.objects.get().organization == (target if works else source)


def test_an_app_that_is_there_already_is_not_moved() -> None:
    app = make_app().app
    with pytest.raises(RegistryError, match="already"):
        move_app(by=make_user(DORA), app=app, organization=app.organization)
