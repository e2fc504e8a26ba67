"""The form of a new app: what it asks and how it explains that, and what an example fills in."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.admin import VERTICAL
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from accounts.models import Organization, User
from accounts.rules import Right
from accounts.selectors import default_organization, organizations_of
from apps_registry.errors import RegistryError
from apps_registry.examples import Example
from apps_registry.rules import AppType, PermissionType, read_details
from apps_registry.rules.apps import (
    MAX_DESCRIPTION_CHARACTERS,
    MAX_NAME_CHARACTERS,
    MAX_PACKAGE_NAME_CHARACTERS,
    MAX_URL_CHARACTERS,
)
from apps_registry.selectors import suggest_free_package_name

KINDS = [
    (AppType.BACKGROUND.value, "Background: runs beside others and shows something now and then"),
    (AppType.STANDARD.value, "Standard: fills the display; starting it takes the place of the one before"),
]
PERMISSIONS = [
    (PermissionType.MICROPHONE.value, "Microphone: what is said, as text or as sound"),
    (PermissionType.CAMERA.value, "Camera: photos and video streams"),
    (PermissionType.LOCATION.value, "Location: where the wearer is"),
    (PermissionType.READ_NOTIFICATIONS.value, "Notifications: what the phone announces"),
    (PermissionType.CALENDAR.value, "Calendar: the wearer's appointments"),
]


class NewAppForm(forms.Form):
    """What it takes to register an app; each field is explained below it.

    An `example` fills in what it is registered with; what the form does not ask comes with it unseen.
    """

    name = forms.CharField(
        max_length=MAX_NAME_CHARACTERS,
        widget=UnfoldAdminTextInputWidget(attrs={"autofocus": True, "autocomplete": "off"}),
        help_text="What people see in the store and on their phone.",
    )
    package_name = forms.CharField(
        max_length=MAX_PACKAGE_NAME_CHARACTERS,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text="The app's name on the wire, unique in this cloud and for ever. Usually your domain turned round "
        "and the app's name, such as com.example.captions.",
    )
    public_url = forms.CharField(
        label="Public URL",
        max_length=MAX_URL_CHARACTERS,
        widget=UnfoldAdminTextInputWidget(
            attrs={"type": "url", "placeholder": "https://captions.example.com", "autocomplete": "off"}
        ),
        help_text="Where your app's server listens. The cloud posts starts and stops to /webhook below it.",
    )
    app_type = forms.ChoiceField(
        label="Type",
        choices=KINDS,
        initial=AppType.BACKGROUND.value,
        widget=UnfoldAdminRadioSelectWidget(radio_style=VERTICAL),
        help_text="Can be changed later.",
    )
    permissions = forms.MultipleChoiceField(
        choices=PERMISSIONS,
        required=False,
        initial=[PermissionType.MICROPHONE.value],
        widget=UnfoldAdminCheckboxSelectMultipleWidget(),
        help_text="Ask for what the app needs from the first day; users read the list before they install it. "
        "You add reasons, and other permissions, later.",
    )
    description = forms.CharField(
        max_length=MAX_DESCRIPTION_CHARACTERS,
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text="What people read before they install the app. Optional until you submit it for review.",
    )
    organization = forms.ModelChoiceField(
        queryset=Organization.objects.none(),
        empty_label=None,
        widget=UnfoldAdminSelectWidget(),
        help_text="Whose app it is: its members see it here.",
    )

    def __init__(self, user: User, *args: Any, example: Example | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.example = example
        field: Any = self.fields["organization"]
        field.queryset = organizations_of(user, Right.DEVELOP)
        home = default_organization(user)
        self.initial.setdefault("organization", home)
        if example is not None and not self.is_bound:
            self.initial.update(_filled_in(example, user, home))

    def clean(self) -> dict[str, Any]:
        """Read every field by its rule; the refusal stands beside the field."""
        super().clean()
        for field, value in list(self.cleaned_data.items()):
            try:
                read_details({field: value})
            except RegistryError as error:
                self.add_error(field, error.message)
        return self.cleaned_data

    def details(self) -> dict[str, Any]:
        """Return what the app is registered with: the fields, over what else the example says."""
        if self.example is None:
            return self.cleaned_data
        placed = self.example.details_at(self.cleaned_data["public_url"])
        reasons = {entry["type"]: entry for entry in placed.get("permissions", ())}
        permissions = [reasons.get(type_, type_) for type_ in self.cleaned_data["permissions"]]
        return {**placed, **self.cleaned_data, "permissions": permissions}


def _filled_in(example: Example, user: User, home: Organization | None) -> Mapping[str, Any]:
    """Return what an example says of the fields, with a package name that is free."""
    return {
        "name": example.name,
        "description": example.description,
        "package_name": suggest_free_package_name(user, example.name, home),
        "public_url": example.details["public_url"],
        "app_type": example.details["app_type"],
        "permissions": [entry["type"] for entry in example.details.get("permissions", ())],
    }
