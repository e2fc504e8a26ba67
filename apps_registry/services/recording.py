"""What the audit log keeps of an app: everything people decided about it, and no secret."""

from typing import Any

from apps_registry.models import App

_FIELDS = (
    *("name", "description", "public_url", "onboarding_instructions", "webview_url", "logo_url", "app_type"),
    *("store_status", "verification_status", "is_deprecated", "settings_definitions", "tools"),
)


def app_record(app: App) -> dict[str, Any]:
    """Return the decided fields of an app by name, lists of declarations included; plain JSON, four queries at most."""
    return {
        **{field: getattr(app, field) for field in _FIELDS},
        "organization": app.organization.slug,
        "developer": None if app.developer is None else app.developer.email,
        "permissions": {row.type: row.description for row in app.permissions.order_by("pk")},
        "hardware_requirements": {
            row.type: f"{row.level} {row.description}".strip()
            for row in app.hardware_requirements.order_by("pk")
        },
    }
