"""Permissions: what may be declared and what it unlocks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps_registry.errors import RegistryError
from apps_registry.rules import DeclaredPermission, PermissionType, granted
from apps_registry.rules.permissions import validate_permissions

TYPES = st.lists(st.sampled_from(list(PermissionType)))


def test_names_and_objects_may_be_mixed() -> None:
    declared = validate_permissions(["microphone", {"type": " CAMERA ", "description": " to see "}])
    assert declared == [
        DeclaredPermission(PermissionType.MICROPHONE),
        DeclaredPermission(PermissionType.CAMERA, "to see"),
    ]


def test_a_permission_named_twice_counts_once_and_the_last_reason_wins() -> None:
    declared = validate_permissions(["CAMERA", {"type": "CAMERA", "description": "b"}])
    assert declared == [DeclaredPermission(PermissionType.CAMERA, "b")]


def test_a_missing_reason_is_an_empty_one() -> None:
    declared = validate_permissions([{"type": "ALL"}, {"type": "CAMERA", "description": None}])
    assert [permission.description for permission in declared] == ["", ""]


@pytest.mark.parametrize("entry", ["SEE", "", None, 7, {}, {"type": 7}, {"type": None}, ["CAMERA"]])
def test_an_unknown_permission_is_named_by_its_place(entry: object) -> None:
    with pytest.raises(RegistryError, match="permissions entry 2 must be one of MICROPHONE, LOCATION"):
        validate_permissions(["CAMERA", entry])


@pytest.mark.parametrize("description", [7, "x" * 501, "a\x00b", ["x"]])
def test_a_reason_is_a_short_text(description: object) -> None:
    with pytest.raises(RegistryError, match="CAMERA") as refused:
        validate_permissions([{"type": "CAMERA", "description": description}])
    assert refused.value.field == "permissions"


@pytest.mark.parametrize("value", [None, 7, "CAMERA"])
def test_permissions_are_a_list(value: object) -> None:
    with pytest.raises(RegistryError, match="must be a list"):
        validate_permissions(value)


def test_a_permission_unlocks_itself() -> None:
    assert granted(["CAMERA"]) == {"CAMERA"}
    assert granted([]) == frozenset()


def test_legacy_names_unlock_what_replaced_them() -> None:
    assert "READ_NOTIFICATIONS" in granted(["NOTIFICATIONS"])
    assert "LOCATION" in granted(["BACKGROUND_LOCATION"])


def test_posting_notifications_does_not_unlock_reading_them() -> None:
    assert granted(["POST_NOTIFICATIONS"]) == {"POST_NOTIFICATIONS"}


def test_all_unlocks_everything() -> None:
    assert granted(["ALL"]) == set(PermissionType)


def test_unknown_names_unlock_nothing_else() -> None:
    assert granted(["TELEPATHY"]) == {"TELEPATHY"}


@given(TYPES)
def test_granting_twice_changes_nothing(types: list[str]) -> None:
    assert granted(granted(types)) == granted(types)


@given(TYPES, TYPES)
def test_more_declared_never_unlocks_less(some: list[str], more: list[str]) -> None:
    assert granted(some) <= granted([*some, *more])
