"""Profiles of glasses: operators add models the SDK does not know, or say more of those it knows."""

import json
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminTextareaWidget

from accounts.recorded_admin import RecordedAdmin
from sessions_app.models import GlassesProfile
from sessions_app.phone.capabilities import PROFILES
from sessions_app.phone.profile_rules import empty_profile, profile_problem

ROWS = 36
PARTS = ("Camera", "Display", "Microphone", "Speaker", "IMU", "Button", "Light", "Wifi")


class ReadableJSON(forms.JSONField):
    """JSON that is shown a member a line."""

    def prepare_value(self, value: Any) -> Any:
        """Return the text that is edited; what could not be read stays as it was typed."""
        return json.dumps(value, indent=2, ensure_ascii=False) if isinstance(value, dict) else value


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    """Checks a profile as a whole."""

    capabilities = ReadableJSON(
        widget=UnfoldAdminTextareaWidget(attrs={"rows": ROWS, "spellcheck": "false", "class": "font-mono"}),
        help_text="The object apps get, by the names of the SDK's type package.",
    )

    class Meta:
        model = GlassesProfile
        fields = ("model_name", "is_in_use", "note", "capabilities")

    def clean_model_name(self) -> str:
        """Return the name without spaces around it, as the state of glasses has it."""
        return str(self.cleaned_data["model_name"]).strip()

    def clean(self) -> dict[str, Any]:
        """Refuse what SDKs could not read."""
        cleaned = dict(super().clean() or {})
        if "capabilities" in cleaned and "model_name" in cleaned:
            profile = cleaned["capabilities"]
            if isinstance(profile, dict) and profile.get("modelName") == "":
                cleaned["capabilities"] = {**profile, "modelName": cleaned["model_name"]}
            problem = profile_problem(cleaned["capabilities"])
            if problem:
                self.add_error("capabilities", problem)
        return cleaned


@admin.register(GlassesProfile)
class GlassesProfileAdmin(RecordedAdmin, ModelAdmin):  # type: ignore[type-arg]
    """Every node uses them within a few seconds; sessions with such glasses tell their apps."""

    noun = "glasses_profile"
    form = ProfileForm
    list_display = ("model_name", "kind", "parts", "is_in_use", "updated_at")
    list_filter = ("is_in_use",)
    search_fields = ("model_name", "note")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Begin with what is known of the model."""
        name = request.GET.get("model_name", "")
        return {"model_name": name, "capabilities": PROFILES.get(name) or empty_profile(name)}

    @admin.display(description="kind")
    def kind(self, profile: GlassesProfile) -> str:
        """Return whether the SDK knows the model."""
        return "in place of the SDK's" if profile.model_name in PROFILES else "added"

    @admin.display(description="has")
    def parts(self, profile: GlassesProfile) -> str:
        """Return the parts of the glasses."""
        present = [part for part in PARTS if profile.capabilities.get(f"has{part}")]
        return ", ".join(present) or "nothing"

    def record_of(self, row: GlassesProfile) -> dict[str, Any]:
        """Return all of the profile."""
        names = ("model_name", "capabilities", "is_in_use", "note")
        return {name: getattr(row, name) for name in names}
