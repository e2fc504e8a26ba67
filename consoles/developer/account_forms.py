"""Forms about oneself. The services check the values."""

from typing import Any

from django import forms
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from accounts.models import User
from accounts.rules.own_data import (
    CODE_CHARACTERS,
    MAX_NAME,
    MAX_REASON_CHARACTERS,
    ExportFormat,
    merge_privacy,
)
from sessions_app.messaging.rules import PROFILE_CONSENT, shows_profile

_FORMATS = {ExportFormat.JSON: "JSON, for programs", ExportFormat.CSV: "CSV, for a spreadsheet"}


class NameForm(forms.Form):
    """How one is called."""

    name = forms.CharField(
        required=False,
        max_length=MAX_NAME,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "name"}),
        help_text="Members of your organizations see it beside your address.",
    )


class PrivacyForm(forms.Form):
    """What one allows; `changes` are those of the account's privacy, `consent` is a setting of the system."""

    shareUsageData = forms.BooleanField(
        label="Count what I use",
        required=False,
        widget=UnfoldBooleanSwitchWidget,
        help_text="When a session ends, how long it was and which apps ran is noted for the operators' analytics.",
    )
    share_profile_with_app_users = forms.BooleanField(
        label="Tell my name to other users of an app",
        required=False,
        widget=UnfoldBooleanSwitchWidget,
        help_text="Apps whose users write to each other may then show your name; without it they see an address only.",
    )

    @classmethod
    def of(cls, user: User) -> "PrivacyForm":
        """Return the form with what `user` has chosen."""
        return cls(initial={**merge_privacy(user.privacy, {}), PROFILE_CONSENT: shows_profile(user.settings)})

    @property
    def changes(self) -> dict[str, bool]:
        """The choices of a valid form that are kept with the account."""
        return {"shareUsageData": self.cleaned_data["shareUsageData"]}

    @property
    def consent(self) -> dict[str, Any]:
        """The choice of a valid form that is kept with the settings of the system; None for the default."""
        return {PROFILE_CONSENT: self.cleaned_data[PROFILE_CONSENT] or None}


class CopyForm(forms.Form):
    """As what to get one's data."""

    format = forms.ChoiceField(
        choices=[(kind.value, words) for kind, words in _FORMATS.items()], widget=UnfoldAdminSelectWidget
    )


class LeavingForm(forms.Form):
    """Why somebody goes, if they like to say it."""

    reason = forms.CharField(
        label="Why do you go?",
        required=False,
        max_length=MAX_REASON_CHARACTERS,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
        help_text="Optional; it is deleted with your account.",
    )


class CodeForm(forms.Form):
    """The code of the mail."""

    code = forms.CharField(
        label="Code from the mail",
        max_length=50,
        widget=UnfoldAdminTextInputWidget(
            attrs={"autocomplete": "one-time-code", "size": CODE_CHARACTERS, "spellcheck": "false"}
        ),
    )
