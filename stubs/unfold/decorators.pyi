from collections.abc import Callable, Mapping
from typing import Any, TypeVar

_F = TypeVar("_F", bound=Callable[..., Any])

def display(
    *,
    description: str | None = None,
    ordering: str | None = None,
    header: bool | None = None,
    label: bool | str | Mapping[str, str] | None = None,
) -> Callable[[_F], _F]: ...
