"""Pages of operators that write rows themselves: what they change goes to the audit log. Knows no model."""

from typing import Any

from django.db import transaction
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest

from accounts.audit import record
from accounts.models import Organization


class RecordedAdmin:
    """Mixed into a ModelAdmin; `noun` begins the action (`user.updated`), `record_of` says what is compared."""

    noun = ""

    def record_of(self, row: Any) -> dict[str, Any]:
        """Return what the log keeps of a row, by field and without secrets."""
        raise NotImplementedError

    def organization_of(self, row: Any) -> Organization | None:
        """Return whose members may read the entry."""
        return None

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        form.before = self.record_of(type(obj)._default_manager.get(pk=obj.pk)) if change else {}
        super().save_model(request, obj, form, change)  # type: ignore[misc]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)  # type: ignore[misc]
        self._record(form, change)

    def _record(self, form: "ModelForm[Any]", change: bool) -> None:
        row = type(form.instance)._default_manager.get(pk=form.instance.pk)
        before, after = form.before, self.record_of(row)  # type: ignore[attr-defined]
        if before != after:
            self.note(row, "updated" if change else "made", before, after)

    def note(self, row: Any, verb: str, before: dict[str, Any], after: dict[str, Any]) -> None:
        """Write one entry."""
        organization = self.organization_of(row)
        record(f"{self.noun}.{verb}", row, organization=organization, before=before, after=after)

    @transaction.atomic
    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        record(f"{self.noun}.removed", obj, before=self.record_of(obj))
        super().delete_model(request, obj)  # type: ignore[misc]

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for row in queryset:
            self.delete_model(request, row)
