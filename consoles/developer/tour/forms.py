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
from apps_registry.rules.suggestions import suggest_package_name, suggest_prefix
from apps_registry.services import register_app

FIRST_NAME = "Hello"
FIRST_URL = "http://127.0.0.1:3000"


class FirstAppForm(forms.Form):
    """Name, package name, address; the organization only when there is a choice."""

    name = forms.CharField(
        max_length=100, widget=UnfoldAdminTextInputWidget(attrs={"data-names": "id_package_name"})
    )
    package_name = forms.CharField(
        max_length=128,
        widget=UnfoldAdminTextInputWidget(),
        help_text="Its name on the wire, for ever.",
    )
    public_url = forms.CharField(
        label="Address of its server",
        max_length=500,
        widget=UnfoldAdminTextInputWidget(),
    )
    organization = forms.ModelChoiceField(
        Organization.objects.none(), empty_label=None, widget=UnfoldAdminSelectWidget()
    )

    def __init__(self, user: User, data: QueryDict | None = None) -> None:
        own = organizations_of(user, Right.DEVELOP)
        first = default_organization(user)
        initial = {
            "name": FIRST_NAME,
            "package_name": suggest_package_name(user.email, FIRST_NAME),
            "public_url": FIRST_URL,
            "organization": first if first in own else own.first(),
        }
        super().__init__(data, initial=initial)
        self.user = user
        field = cast("forms.ModelChoiceField[Organization]", self.fields["organization"])
        field.queryset = own
        if len(own) == 1:
            field.widget = forms.HiddenInput()
        self.fields["name"].widget.attrs["data-prefix"] = suggest_prefix(user.email)
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
