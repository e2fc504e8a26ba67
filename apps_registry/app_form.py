"""The form of an app in both admin sites: checked by the rules, and aware of what others changed meanwhile."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms

from apps_registry.errors import EditConflict, RegistryError
from apps_registry.models import App, AppVersion, HardwareRequirement, Permission
from apps_registry.rules import read_details
from apps_registry.rules.config import CONFIG_NAMES
from apps_registry.services import check_version

_DECLARED = {
    Permission: ("permissions", ("type", "description")),
    HardwareRequirement: ("hardware_requirements", ("type", "level", "description")),
}


class AppForm(forms.ModelForm):  # type: ignore[type-arg]
    """An app's record, checked by the same rules as the console and the commands."""

    # The version somebody began to edit; the page carries it, so that nobody overwrites what they have not seen.
    expected_version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = App
        fields: ClassVar[tuple[str, ...]] = (
            "package_name",
            "name",
            "description",
            "onboarding_instructions",
            "public_url",
            "webview_url",
            "logo_url",
            "app_type",
            "store_status",
            "verification_status",
            "is_deprecated",
            "settings_definitions",
            "tools",
            "organization",
            "developer",
        )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial["expected_version"] = self.instance.version if self.instance.pk else None

    def clean(self) -> dict[str, Any]:
        """Read every field by its rule; the refusal stands beside the field."""
        super().clean()
        self._check_version(self.cleaned_data.pop("expected_version", None))
        for field, value in list(self.cleaned_data.items()):
            try:
                self.cleaned_data.update(read_details({field: value}))
            except RegistryError as error:
                self.add_error(field, error.message)
        return self.cleaned_data

    def changes(self) -> dict[str, Any]:
        """Return the fields that were changed, by name, as a service takes them."""
        return {name: self.cleaned_data[name] for name in self.changed_data if name in self.cleaned_data}

    def _check_version(self, expected: int | None) -> None:
        if expected is None or not self.instance.pk:
            return
        try:
            check_version(App.objects.select_for_update().get(pk=self.instance.pk), expected)
        except EditConflict as conflict:
            self.add_error(None, conflict.message)
            self._lay_over(expected, conflict.number)

    def _lay_over(self, expected: int, number: int) -> None:
        """Keep what was typed and show the newest of every other field, for who saves once more."""
        kept = AppVersion.objects.filter(app=self.instance, number__in=(expected, number))
        configs: dict[int, Any] = dict(kept.values_list("number", "config"))
        shown: Any = self.data.copy()  # type: ignore[attr-defined]
        shown[self.add_prefix("expected_version")] = str(number)
        for field in self.fields.keys() & CONFIG_NAMES.keys():
            began, newest = (configs.get(one, {}).get(CONFIG_NAMES[field]) for one in (expected, number))
            if began == newest:
                continue
            if self.cleaned_data.get(field) == began:
                shown[self.add_prefix(field)] = self.fields[field].prepare_value(newest)
            else:
                self.add_error(
                    field, "This was changed meanwhile. What you typed is kept here; saving replaces it."
                )
        self.data = shown


def declared_in(formsets: Iterable[Any]) -> dict[str, list[dict[str, Any]]]:
    """Return the lists of permissions and hardware that changed in the page's tables, as a service takes them."""
    lists = {}
    for formset in formsets:
        # Notes what was added, changed and removed, for which the page's history asks.
        formset.save(commit=False)
        if formset.model in _DECLARED and formset.has_changed():
            field, names = _DECLARED[formset.model]
            rows = [row for row in formset.cleaned_data if row and not row.get("DELETE")]
            lists[field] = [{name: row[name] for name in names} for row in rows]
    return lists
