"""How the pages of this room show states and moments, and that they are read-only. Knows no model."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString


def badge(state: str) -> SafeString:
    """Return a state as a coloured label."""
    return format_html('<span class="state state-{}">{}</span>', state.lower(), state)


def moment_column(field: str, label: str, timespec: str = "seconds") -> Callable[[Any, Any], str]:
    """Return a column that shows a row's `field` as a moment, to this precision, or as a dash."""

    @admin.display(description=label, ordering=field)
    def column(_: Any, row: Any) -> str:
        value = getattr(row, field)
        if not isinstance(value, datetime):
            return "–"
        return timezone.localtime(value).isoformat(sep=" ", timespec=timespec).partition("+")[0]

    return column


class ReadOnly:
    """Mixed into pages whose rows only the runtime writes."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
