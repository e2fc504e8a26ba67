"""Forms about organizations. Field names are those of the services; the services check the values."""

from collections.abc import Iterable

from django import forms
from unfold.widgets import (
    UnfoldAdminEmailInputWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from accounts.rules import Role

WHAT_ROLES_DO = (
    "Owners do everything. Admins manage members and apps. Developers make and change apps. Viewers look on."
)


class NewOrganizationForm(forms.Form):
    """Asks for what cannot be guessed."""

    name = forms.CharField(
        widget=UnfoldAdminTextInputWidget, help_text="People see it beside your apps. You can change it."
    )


class ProfileForm(forms.Form):
    """What an organization says about itself."""

    name = forms.CharField(widget=UnfoldAdminTextInputWidget)
    slug = forms.CharField(
        widget=UnfoldAdminTextInputWidget, help_text="Its short name: small letters, digits, hyphens."
    )
    website = forms.CharField(
        required=False, widget=UnfoldAdminTextInputWidget(attrs={"placeholder": "https://example.com"})
    )
    logo_url = forms.CharField(
        label="Logo",
        required=False,
        widget=UnfoldAdminTextInputWidget(attrs={"placeholder": "https://example.com/logo.png"}),
        help_text="Where a picture of yours is kept. Stores show it beside your apps.",
    )
    contact_email = forms.CharField(
        label="Contact e-mail", required=False, widget=UnfoldAdminEmailInputWidget
    )
    description = forms.CharField(required=False, widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}))


class RoleForm(forms.Form):
    """A choice among the roles one may give."""

    role = forms.ChoiceField(widget=UnfoldAdminSelectWidget, help_text=WHAT_ROLES_DO)

    def __init__(self, *args: object, roles: Iterable[Role], **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self.fields["role"].choices = [(role.value, role.capitalize()) for role in roles]  # type: ignore[attr-defined]


class InvitationForm(RoleForm):
    """Whom to invite."""

    email = forms.EmailField(
        label="E-mail address",
        widget=UnfoldAdminEmailInputWidget,
        help_text="We mail a link that holds for seven days.",
    )
    field_order = ("email", "role")
