"""Errors carry a sentence for the one who asked."""

import pytest

from apps_registry.errors import (
    AppNotFound,
    EditConflict,
    EntryError,
    InstallRefused,
    PackageNameTaken,
    RegistryError,
    ReviewRefused,
)


@pytest.mark.parametrize(
    "error",
    [
        PackageNameTaken("a.b"),
        InstallRefused("No."),
        RegistryError("name", "No."),
        EntryError("name", "No.", place=(0,), detail="No."),
        EditConflict(2, []),
        ReviewRefused("NOT_SUBMITTED", "No."),
    ],
)
def test_every_refusal_names_its_field(error: RegistryError) -> None:
    assert isinstance(error, ValueError)
    assert error.field in ("name", "package_name", "version", "store_status")
    assert str(error) == error.message


def test_a_missing_app_is_named() -> None:
    error = AppNotFound("com.example.gone")
    assert error.package_name == "com.example.gone"
    assert str(error) == error.message == "There is no app with the package name com.example.gone."
