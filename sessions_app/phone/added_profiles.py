"""The profiles of glasses that operators added, as they are stored. Blocking."""

from typing import Any

from sessions_app.models import GlassesProfile


def list_added() -> dict[str, dict[str, Any]]:
    """Return the profiles in use by the name of their model."""
    in_use = GlassesProfile.objects.filter(is_in_use=True).order_by()
    return dict(in_use.values_list("model_name", "capabilities"))
