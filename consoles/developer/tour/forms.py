"""The first step: as little as an app needs."""

from typing import cast

from django import forms
from django.conf import settings
from django.http import QueryDict
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from accounts.models import Organization, User
from accounts.rules import Right
from accounts.selectors import default_organization, organizations_of
from apps_registry.errors import RegistryError
from apps_registry.models import App
from apps_registry.rules.apps import (
    MAX_NAME_CHARACTERS,
    MAX_PACKAGE_NAME_CHARACTERS,
    MAX_URL_CHARACTERS,
)
from apps_registry.selectors import suggest_free_package_name
from apps_registry.services import register_app

FIRST_NAME = "Hello"
FIRST_URL = "http://127.0.0.1:3000"


class FirstAppForm(forms.Form):
    """Name, package name, address; the organization only when there is a choice."""

    name = forms.CharField(max_length=MAX_NAME_CHARACTERS, widget=UnfoldAdminTextInputWidget())
    package_name = forms.CharField(
        max_length=MAX_PACKAGE_NAME_CHARACTERS,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text="Its name on the wire, for ever.",
    )
    public_url = forms.CharField(
        label="Address of its server", max_length=MAX_URL_CHARACTERS, widget=UnfoldAdminTextInputWidget()
    )
    organization = forms.ModelChoiceField(
        Organization.objects.none(), empty_label=None, widget=UnfoldAdminSelectWidget()
    )

    def __init__(self, user: User, data: QueryDict | None = None) -> None:
        own = organizations_of(user, Right.DEVELOP)
        chosen = default_organization(user)
        first = chosen if chosen in own else own.first()
        initial = {
            "name": FIRST_NAME,
            "package_name": suggest_free_package_name(user, FIRST_NAME, first),
            "public_url": FIRST_URL if settings.WEBHOOK_ALLOW_PRIVATE_NETWORKS else "",
            "organization": first,
        }
        super().__init__(data, initial=initial)
        self.user = user
        field = cast("forms.ModelChoiceField[Organization]", self.fields["organization"])
        field.queryset = own
        if len(own) == 1:
            field.widget = forms.HiddenInput()
        self.fields["public_url"].help_text = (
            "The port it listens on is part of it. Your own machine will do."
            if settings.WEBHOOK_ALLOW_PRIVATE_NETWORKS
            else "It must be reachable from the internet; a tunnel to your own machine will do."
        )

    def register(self) -> App | None:
        """Register the app; None when something was not acceptable, which the form then says."""
        if not self.is_valid():
            return None
        told = self.cleaned_data
        try:
            return register_app(
                package_name=told["package_name"],
                public_url=told["public_url"],
                organization=told["organization"],
                name=told["name"],
                developer=self.user,
            )
        except RegistryError as error:
            self.add_error(error.field if error.field in self.fields else None, error.message)
            return None
