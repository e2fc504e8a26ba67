"""Roles in an organization and what each may do."""

from collections.abc import Mapping
from enum import StrEnum


class Role(StrEnum):
    """What a member may do in an organization, strongest first."""

    OWNER = "owner"
    ADMIN = "admin"
    DEVELOPER = "developer"
    VIEWER = "viewer"


class Right(StrEnum):
    """What somebody may do with what an organization owns."""

    VIEW = "view"
    DEVELOP = "develop"
    MANAGE = "manage"


ROLES_WITH: Mapping[Right, tuple[Role, ...]] = {
    Right.VIEW: tuple(Role),
    Right.DEVELOP: (Role.OWNER, Role.ADMIN, Role.DEVELOPER),
    Right.MANAGE: (Role.OWNER, Role.ADMIN),
}
