"""Roles: what they give, who gives them, what programs call them."""

import pytest

from accounts.errors import AccountError, InvalidRole, LastOwner, NotAllowed
from accounts.rules import (
    ROLES_WITH,
    Right,
    Role,
    check_leaving,
    check_removal,
    check_role_change,
    demand,
    from_wire_role,
    has_right,
    read_role,
    roles_given_by,
    to_wire_role,
)

OWNER, ADMIN, DEVELOPER, VIEWER = Role


def outcome(check: object, *facts: object) -> type[AccountError] | None:
    """Return what a check raises."""
    try:
        check(*facts)  # type: ignore[operator]
    except AccountError as error:
        return type(error)
    return None


def test_a_stronger_role_has_every_right_of_a_weaker_one() -> None:
    for right, roles in ROLES_WITH.items():
        assert roles == tuple(Role)[: len(roles)], right


def test_who_has_no_role_has_no_right() -> None:
    assert not any(has_right(None, right) for right in Right)
    with pytest.raises(NotAllowed, match="owner or admin"):
        demand(None, Right.MANAGE)


@pytest.mark.parametrize(
    ("actor", "given"),
    [(OWNER, tuple(Role)), (ADMIN, (ADMIN, DEVELOPER, VIEWER)), (DEVELOPER, ()), (VIEWER, ()), (None, ())],
)
def test_who_gives_which_roles(actor: Role | None, given: tuple[Role, ...]) -> None:
    assert roles_given_by(actor) == given


@pytest.mark.parametrize(
    ("actor", "current", "wanted", "owners", "refusal"),
    [
        (OWNER, DEVELOPER, OWNER, 1, None),
        (OWNER, OWNER, VIEWER, 2, None),
        (OWNER, OWNER, ADMIN, 1, LastOwner),
        (OWNER, OWNER, OWNER, 1, None),
        (ADMIN, VIEWER, ADMIN, 1, None),
        (ADMIN, ADMIN, VIEWER, 1, None),
        (ADMIN, DEVELOPER, OWNER, 1, NotAllowed),
        (ADMIN, OWNER, DEVELOPER, 2, NotAllowed),
        (DEVELOPER, VIEWER, DEVELOPER, 1, NotAllowed),
        (VIEWER, VIEWER, OWNER, 1, NotAllowed),
        (None, VIEWER, OWNER, 1, NotAllowed),
    ],
)
def test_who_changes_whose_role(
    actor: Role | None, current: Role, wanted: Role, owners: int, refusal: type[AccountError] | None
) -> None:
    assert outcome(check_role_change, actor, current, wanted, owners) is refusal


@pytest.mark.parametrize(
    ("actor", "current", "owners", "refusal"),
    [
        (OWNER, OWNER, 2, None),
        (OWNER, OWNER, 1, LastOwner),
        (OWNER, ADMIN, 1, None),
        (ADMIN, ADMIN, 1, None),
        (ADMIN, OWNER, 2, NotAllowed),
        (DEVELOPER, VIEWER, 1, NotAllowed),
        (None, VIEWER, 1, NotAllowed),
    ],
)
def test_who_removes_whom(
    actor: Role | None, current: Role, owners: int, refusal: type[AccountError] | None
) -> None:
    assert outcome(check_removal, actor, current, owners) is refusal


@pytest.mark.parametrize("role", Role)
def test_everybody_may_leave_but_the_last_owner(role: Role) -> None:
    assert outcome(check_leaving, role, 1) is (LastOwner if role is OWNER else None)
    assert outcome(check_leaving, role, 2) is None


@pytest.mark.parametrize(
    ("role", "wire"), [(OWNER, "admin"), (ADMIN, "admin"), (DEVELOPER, "member"), (VIEWER, "member")]
)
def test_programs_know_two_roles(role: Role, wire: str) -> None:
    assert to_wire_role(role) == wire
    assert from_wire_role(wire, role) is role


def test_a_role_named_by_a_program_is_the_weaker_of_two() -> None:
    assert (from_wire_role("admin"), from_wire_role("member")) == (ADMIN, DEVELOPER)
    assert from_wire_role("member", OWNER) is DEVELOPER
    assert from_wire_role("admin", VIEWER) is ADMIN


@pytest.mark.parametrize("value", ["owner ", "ADMIN", "", None, 7, ["admin"], "x" * 500])
def test_what_is_no_role_is_refused(value: object) -> None:
    for read in (read_role, from_wire_role):
        with pytest.raises(InvalidRole):
            read(value)
