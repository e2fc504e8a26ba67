"""The form of a new app: what it asks and how it explains that."""

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
from apps_registry.rules import AppType, PermissionType, read_details
from apps_registry.rules.apps import (
    MAX_DESCRIPTION_CHARACTERS,
    MAX_NAME_CHARACTERS,
    MAX_PACKAGE_NAME_CHARACTERS,
    MAX_URL_CHARACTERS,
)

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
    """What it takes to register an app; each field is explained below it."""

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

    def __init__(self, user: User, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["organization"]
        field.queryset = organizations_of(user, Right.DEVELOP)
        self.initial.setdefault("organization", default_organization(user))

    def clean(self) -> dict[str, Any]:
        """Read every field by its rule; the refusal stands beside the field."""
        super().clean()
        for field, value in list(self.cleaned_data.items()):
            try:
                read_details({field: value})
            except RegistryError as error:
                self.add_error(field, error.message)
        return self.cleaned_data
