from typing import TypeVar

from django.contrib import admin
from django.db.models import Model

_M = TypeVar("_M", bound=Model)
_P = TypeVar("_P", bound=Model)

class ModelAdmin(admin.ModelAdmin[_M]):
    warn_unsaved_form: bool
    compressed_fields: bool

class TabularInline(admin.TabularInline[_M, _P]):
    tab: bool
    hide_title: bool

__all__ = ["ModelAdmin", "TabularInline"]
